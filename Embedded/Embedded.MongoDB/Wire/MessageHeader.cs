using System.Buffers.Binary;

namespace Embedded.MongoDB.Wire;

/// <summary>The 16 bytes in front of every message: four little-endian int32.</summary>
/// <param name="Length">The whole message in bytes, header included.</param>
/// <param name="RequestId">The sender's own number for this message.</param>
/// <param name="ResponseTo">The request id that this message answers, 0 in a request.</param>
/// <param name="OpCode">What follows.</param>
public readonly record struct MessageHeader(int Length, int RequestId, int ResponseTo, OpCode OpCode)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 16;

    /// <summary>Reads a header.</summary>
    /// <exception cref="WireException">The announced length is impossible or above the limit.</exception>
    public static MessageHeader Read(ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is < Size or > WireLimits.MaxMessageBytes)
        {
            throw new WireException($"a message of {length} bytes was announced, between {Size} and {WireLimits.MaxMessageBytes} are possible");
        }

        return new(
            length,
            RequestId: BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            ResponseTo: BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            (OpCode)BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]));
    }

    /// <summary>Writes the header over the first 16 bytes of <paramref name="message"/>.</summary>
    public void Write(Span<byte> message)
    {
        BinaryPrimitives.WriteInt32LittleEndian(message, Length);
        BinaryPrimitives.WriteInt32LittleEndian(message[4..], RequestId);
        BinaryPrimitives.WriteInt32LittleEndian(message[8..], ResponseTo);
        BinaryPrimitives.WriteInt32LittleEndian(message[12..], (int)OpCode);
    }
}
