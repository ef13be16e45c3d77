using System.Text;
using Confluent.Kafka;
using Pipeline.Contracts;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>Record headers as text. Kafka's are a list and may repeat a name: the last one counts, and setting leaves one.</summary>
public static class RecordHeaders
{
    private static readonly byte[] ProtobufBytes = Encoding.ASCII.GetBytes(MessageEncoding.Protobuf);

    /// <summary>Headers that say "our protobuf".</summary>
    public static Headers Protobuf() => new() { { MessageEncoding.Header, ProtobufBytes } };

    /// <summary>The <c>content-type</c> header, null when there is none.</summary>
    public static string? ContentType<TKey, TValue>(this ConsumeResult<TKey, TValue> record) => record.Message.Headers.Text(MessageEncoding.Header);

    public static string? Text(this Headers? headers, string name)
    {
        if (headers is null || !headers.TryGetLastBytes(name, out var bytes) || bytes is null)
        {
            return null;
        }
        // Nearly every record says the same; no new string for it.
        return bytes.AsSpan().SequenceEqual(ProtobufBytes) ? MessageEncoding.Protobuf : Encoding.UTF8.GetString(bytes);
    }

    public static void Set(this Headers headers, string name, string text)
    {
        headers.Remove(name);
        headers.Add(name, Encoding.UTF8.GetBytes(text));
    }
}
