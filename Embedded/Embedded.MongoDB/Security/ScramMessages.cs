using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Embedded.MongoDB.Security;

/// <summary><c>n,,n=user,r=nonce</c>: who the client is, and its part of the nonce.</summary>
/// <param name="Header">Up to the second comma; without channel binding, which needs TLS.</param>
/// <param name="Bare">The rest, which both sides sign.</param>
/// <param name="User">Without the escapes.</param>
/// <param name="Nonce">The client's part.</param>
internal sealed record ClientFirst(string Header, string Bare, string User, string Nonce)
{
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out ClientFirst? message)
    {
        message = null;
        if (!ScramText.TryDecode(payload, out var text)
            || !(text.StartsWith("n,,", StringComparison.Ordinal) || text.StartsWith("y,,", StringComparison.Ordinal)))
        {
            return false;
        }

        var bare = text[3..];
        if (bare.Split(',') is not [['n', '=', .. var user], ['r', '=', .. var nonce], ..] || nonce.Length == 0 || user.Length == 0)
        {
            return false;
        }

        var name = user.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        if (name.Count('=') != user.Split("=3D").Length - 1)
        {
            return false;                                           // an = that is no escape
        }

        message = new(text[..3], bare, name, nonce);
        return true;
    }
}

/// <summary><c>c=biws,r=nonce,p=proof</c>: that the client knows the password.</summary>
/// <param name="Binding">The header of the first message, once more.</param>
/// <param name="Nonce">Both parts.</param>
/// <param name="Proof">ClientKey XOR ClientSignature.</param>
/// <param name="WithoutProof">What both sides sign.</param>
internal sealed record ClientFinal(string Binding, string Nonce, byte[] Proof, string WithoutProof)
{
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out ClientFinal? message)
    {
        message = null;
        if (!ScramText.TryDecode(payload, out var text) || text.LastIndexOf(",p=", StringComparison.Ordinal) is not (> 0 and var end))
        {
            return false;
        }

        if (text[..end].Split(',') is not [['c', '=', .. var binding], ['r', '=', .. var nonce], ..]
            || !ScramText.TryFromBase64(binding, out var header) || !ScramText.TryFromBase64(text[(end + 3)..], out var proof))
        {
            return false;
        }

        message = new(Encoding.UTF8.GetString(header), nonce, proof, text[..end]);
        return true;
    }
}

/// <summary>The alphabet of SCRAM's messages.</summary>
internal static class ScramText
{
    /// <summary>More than any client sends; a longer message is refused unread.</summary>
    public const int MaxMessageBytes = 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool TryDecode(ReadOnlySpan<byte> payload, out string text)
    {
        text = "";
        if (payload.Length > MaxMessageBytes)
        {
            return false;
        }

        try
        {
            text = Strict.GetString(payload);
            return !text.Contains('\0', StringComparison.Ordinal);
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    public static bool TryFromBase64(string text, out byte[] bytes)
    {
        var buffer = new byte[text.Length];
        var isGood = Convert.TryFromBase64String(text, buffer, out var length);
        bytes = buffer[..length];
        return isGood;
    }
}
