using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Contracts;

/// <summary>Base64 as browsers, mail programs and URL libraries write it: a <c>data:</c> URI, wrapped lines, the URL alphabet, no padding.</summary>
internal static class LenientBase64
{
    public static bool TryRead(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var digits = text.AsSpan().Trim();
        if (digits.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            digits = digits[(digits.IndexOf(',') + 1)..];
        }

        // To the URL alphabet, whose decoder asks for no padding and passes over white space.
        var urlDigits = digits.TrimEnd().TrimEnd('=').ToString().Replace('+', '-').Replace('/', '_');
        var buffer = new byte[Base64Url.GetMaxDecodedLength(urlDigits.Length)];
        if (Base64Url.DecodeFromChars(urlDigits, buffer, out _, out var length) != OperationStatus.Done)
        {
            return false;
        }

        bytes = buffer[..length];
        return true;
    }
}
