using System.Text;
using Embedded.MongoDB.Security;

namespace Embedded.Tests.MongoDB.Security;

/// <summary>The exchange that RFC 7677 prints, and what is no such exchange.</summary>
public sealed class ScramTests
{
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    private const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private const string Final = $"c=biws,r={Nonce}{ServerNonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    private static readonly ScramCredential Credential = ScramCredential.Derive("pencil", Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    [Theory]
    [InlineData(true), InlineData(false)]
    public void The_published_exchange_succeeds(bool skipsEmptyExchange)
    {
        var conversation = Begin(skipsEmptyExchange);
        Assert.Equal($"r={Nonce}{ServerNonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", conversation.ServerFirst);

        Assert.Equal("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", conversation.Continue(Encoding.UTF8.GetBytes(Final)));

        Assert.Equal(skipsEmptyExchange, conversation.IsDone);
        if (skipsEmptyExchange)
        {
            return;
        }

        Assert.Equal("", conversation.Continue([]));
        Assert.True(conversation.IsDone);
    }

    [Theory]
    [InlineData($"c=eSws,r={Nonce}{ServerNonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData($"c=biws,r={Nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData($"r={Nonce}{ServerNonce},c=biws,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData($"c=biws,r={Nonce}{ServerNonce},p=AHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData($"c=biws,r={Nonce}{ServerNonce},p=dHzb")]
    [InlineData($"c=biws,r={Nonce}{ServerNonce},p=")]
    [InlineData($"c=biws,r={Nonce}{ServerNonce}")]
    [InlineData($"c=biws,r={Nonce}{ServerNonce},x=1,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")]
    [InlineData("")]
    [InlineData(",p=")]
    public void Another_final_message_is_refused(string final)
    {
        var conversation = Begin(skipsEmptyExchange: true);

        Assert.Null(conversation.Continue(Encoding.UTF8.GetBytes(final)));
        Assert.False(conversation.IsDone);
    }

    [Fact]
    public void No_damaged_final_message_is_accepted()
    {
        var final = Encoding.UTF8.GetBytes(Final);
        for (var bit = 0; bit < (final.Length - 2) * 8; bit++)                // the last letter of Base64 has bits that mean nothing
        {
            var flipped = final.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            var conversation = Begin(skipsEmptyExchange: true);
            Assert.True(conversation.Continue(flipped) is null && !conversation.IsDone, $"bit {bit}");
        }
    }

    [Theory]
    [InlineData("n,,n=user,r=abc", "user")]
    [InlineData("y,,n=user,r=abc,x=later", "user")]
    [InlineData("n,,n=a=2Cb=3Dc=3D2C,r=abc", "a,b=c=2C")]
    public void A_first_message_names_the_user(string first, string user)
    {
        Assert.True(ClientFirst.TryParse(Encoding.UTF8.GetBytes(first), out var message));
        Assert.Equal((user, "abc"), (message.User, message.Nonce));
    }

    [Theory]
    [InlineData("")]
    [InlineData("n,,")]
    [InlineData("n,,n=user")]
    [InlineData("n,,n=,r=abc")]
    [InlineData("n,,n=user,r=")]
    [InlineData("n,,r=abc,n=user")]
    [InlineData("n,,m=1,n=user,r=abc")]
    [InlineData("n,a=other,n=user,r=abc")]
    [InlineData("p=tls-unique,,n=user,r=abc")]
    [InlineData("n,,n=us=er,r=abc")]
    [InlineData("n,,n=us\0er,r=abc")]
    public void What_is_no_first_message_is_refused(string first) => Assert.False(ClientFirst.TryParse(Encoding.UTF8.GetBytes(first), out _));

    [Fact]
    public void What_is_too_long_or_no_text_is_refused()
    {
        Assert.False(ClientFirst.TryParse(Encoding.UTF8.GetBytes("n,,n=user,r=" + new string('a', 2000)), out _));
        Assert.False(ClientFirst.TryParse([.. "n,,n=user,r="u8, 0xff], out _));
    }

    private static ScramConversation Begin(bool skipsEmptyExchange)
    {
        Assert.True(ClientFirst.TryParse(Encoding.UTF8.GetBytes($"n,,n=user,r={Nonce}"), out var first));
        return new(first, Credential, ServerNonce, skipsEmptyExchange);
    }
}
