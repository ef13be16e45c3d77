using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Contracts;

/// <summary>How a record's value is written, told by its <c>content-type</c> header.</summary>
public static class MessageEncoding
{
    /// <summary>Name of the record header.</summary>
    public const string Header = "content-type";

    public const string Protobuf = "application/x-protobuf";

    public const string Json = "application/json";

    /// <summary>Which of the two encodings a value has.</summary>
    /// <param name="contentType">The header's text; null when the record has none.</param>
    /// <remarks>Without the header only JSON can be told: no message of ours begins with the byte of <c>{</c>.</remarks>
    internal static bool TryTell(
        ReadOnlySpan<byte> value, string? contentType, out bool isJson, [NotNullWhen(false)] out Problem? problem)
    {
        (isJson, problem) = (false, null);
        if (value.Length > Limits.MaxMessageBytes)
        {
            problem = new(ProblemKind.TooLarge, $"a message has at most {Limits.MaxMessageBytes} bytes, and this one {value.Length}");
            return false;
        }
        if (contentType is null)
        {
            isJson = value is [(byte)'{', ..];
            if (!isJson)
                problem = new(ProblemKind.UnknownEncoding, $"no {Header} header, and the value does not begin with '{{'");
            return isJson;
        }
        var mediaType = contentType.AsSpan();                // parameters such as charset=utf-8 change nothing
        var parameters = mediaType.IndexOf(';');
        mediaType = (parameters < 0 ? mediaType : mediaType[..parameters]).Trim();
        isJson = mediaType.Equals(Json, StringComparison.OrdinalIgnoreCase);
        if (isJson || mediaType.Equals(Protobuf, StringComparison.OrdinalIgnoreCase))
            return true;
        problem = new(ProblemKind.UnknownEncoding, $"{Header} must be {Protobuf} or {Json}, and is '{Limits.Shortened(contentType)}'");
        return false;
    }
}
