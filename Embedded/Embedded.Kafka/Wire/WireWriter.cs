using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Embedded.Kafka.Wire;

/// <summary>
/// Builds one answer in a pooled buffer that grows. The counterpart of <see cref="WireReader"/>: with
/// <see cref="Flexible"/> set, strings, bytes and arrays take their compact forms and <see cref="WriteTags"/> writes
/// an empty tagged buffer; otherwise it writes nothing.
/// </summary>
internal sealed class WireWriter : IDisposable
{
    private const int SmallBytes = 1024;
    private const int KeepBytes = 1 << 20;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallBytes);

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    public bool Flexible { get; set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, Length);

    /// <summary>The next <paramref name="count"/> bytes, to be filled by the caller.</summary>
    public Span<byte> Reserve(int count)
    {
        EnsureFree(count);
        var reserved = _buffer.AsSpan(Length, count);
        Length += count;
        return reserved;
    }

    /// <summary>Grows once for an answer whose size is known, instead of by doubling.</summary>
    public void EnsureFree(int count)
    {
        if (count <= _buffer.Length - Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max((long)Length + count, 2L * _buffer.Length)));
        WrittenSpan.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    /// <summary>Takes back what was written after <paramref name="length"/>.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        Length = length;
    }

    /// <summary>Starts over; a buffer that one large answer left behind goes back to the pool.</summary>
    public void Clear()
    {
        Length = 0;
        if (_buffer.Length <= KeepBytes)
        {
            return;
        }

        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = ArrayPool<byte>.Shared.Rent(SmallBytes);
    }

    /// <summary>The bytes from <paramref name="position"/> on, to fix up what was written before its value was known.</summary>
    public Span<byte> From(int position) => _buffer.AsSpan(position, Length - position);

    public void WriteBool(bool value) => Reserve(1)[0] = value ? (byte)1 : (byte)0;

    public void WriteInt8(sbyte value) => Reserve(1)[0] = (byte)value;

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Reserve(2), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(4), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Reserve(8), value);

    public void WriteUuid(Guid value) => value.TryWriteBytes(Reserve(16), bigEndian: true, out _);

    public void WriteError(ErrorCode error) => WriteInt16((short)error);

    public void WriteUnsignedVarInt(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Reserve(1)[0] = (byte)(value | 0x80);
        }

        Reserve(1)[0] = (byte)value;
    }

    /// <summary>Bytes that <see cref="WriteUnsignedVarInt"/> takes for a value: 1 to 5.</summary>
    public static int SizeOfUnsignedVarInt(uint value) => (BitOperations.Log2(value | 1) / 7) + 1;

    public void WriteString(string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        WriteStringLength(size);
        Encoding.UTF8.GetBytes(value, Reserve(size));
    }

    public void WriteNullableString(string? value)
    {
        if (value is not null)
        {
            WriteString(value);
        }
        else if (Flexible)
        {
            WriteUnsignedVarInt(0);
        }
        else
        {
            WriteInt16(-1);
        }
    }

    /// <summary>A string that is at hand as UTF-8.</summary>
    public void WriteStringBytes(ReadOnlySpan<byte> utf8)
    {
        WriteStringLength(utf8.Length);
        utf8.CopyTo(Reserve(utf8.Length));
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        if (Flexible)
        {
            WriteUnsignedVarInt((uint)value.Length + 1);
        }
        else
        {
            WriteInt32(value.Length);
        }

        value.CopyTo(Reserve(value.Length));
    }

    public void WriteNullableBytes(byte[]? value)
    {
        if (value is not null)
        {
            WriteBytes(value);
        }
        else
        {
            WriteNullArray();
        }
    }

    public void WriteArrayLength(int count)
    {
        if (Flexible)
        {
            WriteUnsignedVarInt((uint)count + 1);
        }
        else
        {
            WriteInt32(count);
        }
    }

    public void WriteNullArray()
    {
        if (Flexible)
        {
            WriteUnsignedVarInt(0);
        }
        else
        {
            WriteInt32(-1);
        }
    }

    public void WriteInt32Array(ReadOnlySpan<int> values)
    {
        WriteArrayLength(values.Length);
        foreach (var value in values)
        {
            WriteInt32(value);
        }
    }

    /// <summary>Bytes as they are, without a length.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    /// <summary>Ends a struct: no tagged fields. Nothing before the flexible version.</summary>
    public void WriteTags()
    {
        if (Flexible)
        {
            Reserve(1)[0] = 0;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _buffer, []));

    private void WriteStringLength(int size)
    {
        if (Flexible)
        {
            WriteUnsignedVarInt((uint)size + 1);
        }
        else if (size <= short.MaxValue)
        {
            WriteInt16((short)size);
        }
        else
        {
            throw new ArgumentException($"A string of {size} bytes does not fit a two-byte length.");
        }
    }
}
