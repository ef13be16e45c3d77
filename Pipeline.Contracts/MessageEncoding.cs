using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Contracts;

/// <summary>How a record's value is written, told by its <c>content-type</c> header.</summary>
public static class MessageEncoding
{
    /// <summary>Name of the record header.</summary>
    public const string Header = "content-type";

    public const string Protobuf = "application/x-protobuf";

    public const string Json = "application/json";

    /// <summary>Other names that senders have for our encodings.</summary>
    private static readonly string[] ProtobufNames = [Protobuf, "application/protobuf", "application/vnd.google.protobuf"];

    private static readonly string[] JsonNames = [Json, "text/json"];

    /// <summary>A schema registry's clients put this many bytes before the value: a zero, then the number of the schema.</summary>
    private const int RegistryPrefix = 5;

    /// <summary>Reads a value in either encoding; whatever is wrong with it is told.</summary>
    /// <param name="recordTime">The record's timestamp.</param>
    /// <param name="readJson">Reads the JSON text.</param>
    /// <param name="readProtobuf">Reads the whole value.</param>
    internal static Parsed<T> Read<T>(
        byte[]? value, string? contentType, DateTimeOffset recordTime,
        Func<ReadOnlySpan<byte>, DateTimeOffset, Parsed<T>> readJson, Func<byte[], DateTimeOffset, Parsed<T>> readProtobuf)
        where T : class
    {
        if (value is null)
        {
            return new Problem(ProblemKind.MissingField, "the record has no value");
        }

        if (!TryTell(value, contentType, out var isJson, out var problem))
        {
            return problem;
        }

        try
        {
            return isJson ? readJson(JsonOf(value), recordTime) : readProtobuf(value, recordTime);
        }
        catch (Exception unforeseen) when (unforeseen is not OutOfMemoryException)
        {
            return Problem.Of(unforeseen);
        }
    }

    /// <summary>Which of the two encodings a value has.</summary>
    /// <param name="contentType">The header's text; null when the record has none.</param>
    /// <remarks>What looks like JSON is JSON, whatever the header says: no message of ours begins with the byte of <c>{</c>.</remarks>
    internal static bool TryTell(
        ReadOnlySpan<byte> value, string? contentType, out bool isJson, [NotNullWhen(false)] out Problem? problem)
    {
        (isJson, problem) = (false, null);
        if (value.Length > Limits.MaxMessageBytes)
        {
            problem = new(ProblemKind.TooLarge, $"a message has at most {Limits.MaxMessageBytes} bytes, and this one {value.Length}");
            return false;
        }
        isJson = JsonOf(value) is [(byte)'{', ..];
        if (isJson)
        {
            return true;
        }

        if (contentType is null)
        {
            problem = new(ProblemKind.UnknownEncoding, $"no {Header} header, and the value does not begin with '{{'");
            return false;
        }
        var mediaType = contentType.AsSpan();                // parameters such as charset=utf-8 change nothing
        var parameters = mediaType.IndexOf(';');
        mediaType = (parameters < 0 ? mediaType : mediaType[..parameters]).Trim();
        isJson = IsOneOf(mediaType, JsonNames) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
        if (isJson || IsOneOf(mediaType, ProtobufNames))
        {
            return true;
        }

        problem = new(ProblemKind.UnknownEncoding, $"{Header} must be {Protobuf} or {Json}, and is '{Limits.Shortened(contentType)}'");
        return false;
    }

    /// <summary>
    /// The JSON text of a value, without what senders put around it: a registry's prefix, a byte order mark, blanks, a closing zero.
    /// </summary>
    internal static ReadOnlySpan<byte> JsonOf(ReadOnlySpan<byte> value)
    {
        if (value is [0, _, _, _, _, ..])
        {
            value = value[RegistryPrefix..];
        }

        value = value.Trim(" \t\r\n"u8);
        if (value.StartsWith("\uFEFF"u8))
        {
            value = value["\uFEFF"u8.Length..];
        }

        return value.TrimStart(" \t\r\n"u8).TrimEnd(" \t\r\n\0"u8);
    }

    private static bool IsOneOf(ReadOnlySpan<char> mediaType, string[] names)
    {
        foreach (var name in names)
        {
            if (mediaType.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
