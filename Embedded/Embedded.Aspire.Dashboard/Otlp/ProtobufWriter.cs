using System.Buffers.Binary;
using System.Text;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>Writes protobuf messages behind what <paramref name="output"/> holds.</summary>
internal sealed class ProtobufWriter(PooledBytes output)
{
    // A nested message's length is known when it ends. Its place is kept: a length may have leading zeros.
    private const int LengthBytes = 4;
    private const int MaxNestedBytes = (1 << (7 * LengthBytes)) - 1;
    private const int MaxVarintBytes = 10;

    /// <summary>Begins a nested message; what it returns goes to <see cref="End"/>.</summary>
    public int Begin(int field)
    {
        Tag(field, WireType.Bytes);
        output.GetSpan(LengthBytes);
        output.Advance(LengthBytes);
        return output.Length;
    }

    /// <exception cref="OtlpException">The message is longer than 256 MiB.</exception>
    public void End(int start)
    {
        var length = output.Length - start;
        if (length > MaxNestedBytes) throw new OtlpException($"A message of {length} bytes is too long.");
        var place = output.Span.Slice(start - LengthBytes, LengthBytes);
        for (var index = 0; index < LengthBytes; index++)
        {
            place[index] = (byte)(((length >> (7 * index)) & 0x7F) | (index < LengthBytes - 1 ? 0x80 : 0));
        }
    }

    public void Varint(int field, ulong value)
    {
        Tag(field, WireType.Varint);
        Number(value);
    }

    public void SInt32(int field, int value) => Varint(field, (uint)((value << 1) ^ (value >> 31)));

    public void Fixed64(int field, ulong value)
    {
        Tag(field, WireType.Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    public void Fixed32(int field, uint value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    public void Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    public void String(int field, string value)
    {
        Tag(field, WireType.Bytes);
        var length = Encoding.UTF8.GetByteCount(value);
        Number((ulong)length);
        output.Advance(Encoding.UTF8.GetBytes(value, output.GetSpan(length)));
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Bytes);
        Number((ulong)value.Length);
        value.CopyTo(output.GetSpan(value.Length));
        output.Advance(value.Length);
    }

    private void Tag(int field, WireType type) => Number(((ulong)field << 3) | (ulong)type);

    private void Number(ulong value)
    {
        var place = output.GetSpan(MaxVarintBytes);
        var count = 0;
        for (; value >= 0x80; value >>= 7) place[count++] = (byte)(value | 0x80);
        place[count++] = (byte)value;
        output.Advance(count);
    }
}
