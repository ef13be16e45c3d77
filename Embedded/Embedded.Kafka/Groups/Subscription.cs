using System.Buffers.Binary;
using System.Text;

namespace Embedded.Kafka.Groups;

/// <summary>The one part of a consumer's metadata that concerns the broker: which topics it reads. All else in it is between the consumers.</summary>
/// <remarks>Layout: <c>version:i16 topics:[str] …</c>, big-endian, two-byte string lengths; later fields are skipped.</remarks>
internal static class Subscription
{
    /// <summary>Groups of this protocol type are groups of consumers.</summary>
    public const string ProtocolType = "consumer";

    /// <returns>False when the bytes are not a subscription.</returns>
    public static bool TryReadTopics(ReadOnlySpan<byte> metadata, ISet<string> topics)
    {
        if (metadata.Length < 6)
        {
            return false;
        }

        var count = BinaryPrimitives.ReadInt32BigEndian(metadata[2..]);
        var rest = metadata[6..];
        for (var i = 0; i < count; i++)
        {
            if (rest.Length < 2)
            {
                return false;
            }

            var length = BinaryPrimitives.ReadInt16BigEndian(rest);
            if (length < 0 || length > rest.Length - 2)
            {
                return false;
            }

            topics.Add(Encoding.UTF8.GetString(rest.Slice(2, length)));
            rest = rest[(2 + length)..];
        }
        return count >= 0;
    }
}
