using MongoDB.Driver;
using Xunit;

namespace Embedded.Tests.Driver;

/// <summary>The exchange that RFC 7677 publishes, and servers that cheat.</summary>
public sealed class ScramSha256Tests
{
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    private readonly ScramSha256.ScramConversation _conversation = new("user", "pencil", "rOprNGfwEbeRWgbNEkqO");

    [Fact]
    public void The_published_exchange_gives_the_published_proof_and_signature()
    {
        var final = _conversation.ClientFinal(ServerFirst);

        Assert.Equal("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", _conversation.ClientFirst);
        Assert.Equal("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", final);
        Assert.Equal("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", _conversation.ExpectedServerFinal);
    }

    [Theory]
    [InlineData("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4095")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=999999999")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,i=4096")]
    [InlineData("")]
    public void A_server_that_changes_the_nonce_or_asks_for_too_few_or_too_many_rounds_is_refused(string serverFirst) =>
        Assert.Throws<MongoAuthenticationException>(() => _conversation.ClientFinal(serverFirst));

    [Fact]
    public void Names_are_escaped() => Assert.Equal("n,,n=a=3Db=2Cc,r=x", new ScramSha256.ScramConversation("a=b,c", "p", "x").ClientFirst);
}
