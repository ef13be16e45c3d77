using System.Buffers.Binary;
using System.Text;

namespace Embedded.Kafka.Wire;

/// <summary>
/// A cursor over one request. It never reads past its bytes: every read goes through <see cref="Take"/>.
/// In flexible versions strings, bytes and arrays are read in their compact forms and structs end with tags;
/// before, <see cref="SkipTags"/> does nothing, so handlers read both alike.
/// </summary>
/// <exception cref="ProtocolException">Every method: bytes are missing, or a length makes no sense.</exception>
internal ref struct WireReader(ReadOnlySpan<byte> bytes, bool flexible)
{
    /// <summary>More array elements than this in one request is an attack, not a request.</summary>
    public const int MaxElements = 1_000_000;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly bool _flexible = flexible;
    private int _elements;

    public int Position { get; private set; }

    public readonly int Remaining => _bytes.Length - Position;

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            throw new ProtocolException($"{count} bytes expected at {Position}, {Remaining} left.");
        }

        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    public bool ReadBool() => Take(1)[0] != 0;

    public sbyte ReadInt8() => (sbyte)Take(1)[0];

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public Guid ReadUuid() => new(Take(16), bigEndian: true);

    /// <summary>Seven bits a byte, low group first; at most five bytes.</summary>
    public uint ReadUnsignedVarInt()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Take(1)[0];
            if (shift == 28 && next > 0x0F)
            {
                break;
            }

            value |= (uint)(next & 0x7F) << shift;
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }

        throw new ProtocolException($"A varint before {Position} is longer than 32 bits.");
    }

    /// <summary>Zigzag; used inside records only.</summary>
    public int ReadVarInt()
    {
        var raw = ReadUnsignedVarInt();
        return (int)(raw >> 1) ^ -(int)(raw & 1);
    }

    /// <summary>Zigzag, at most ten bytes; used inside records only.</summary>
    public long ReadVarLong()
    {
        ulong raw = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = Take(1)[0];
            if (shift == 63 && next > 1)
            {
                break;
            }

            raw |= (ulong)(next & 0x7F) << shift;
            if ((next & 0x80) == 0)
            {
                return (long)(raw >> 1) ^ -(long)(raw & 1);
            }
        }

        throw new ProtocolException($"A varint before {Position} is longer than 64 bits.");
    }

    public string ReadString() => Encoding.UTF8.GetString(ReadStringBytes());

    public string? ReadNullableString()
    {
        var length = ReadStringLength();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>The client id's form: a two-byte length in every version, flexible or not.</summary>
    public string? ReadHeaderString()
    {
        var length = ReadInt16();
        if (length < -1)
        {
            throw new ProtocolException($"A string of length {length}.");
        }

        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>A string's UTF-8 bytes, for hot paths that need no string object.</summary>
    public ReadOnlySpan<byte> ReadStringBytes()
    {
        var length = ReadStringLength();
        return length < 0 ? throw new ProtocolException("Null where a string is required.") : Take(length);
    }

    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadBytesLength();
        return length < 0 ? throw new ProtocolException("Null where bytes are required.") : Take(length);
    }

    /// <returns>False for null.</returns>
    public bool TryReadBytes(out ReadOnlySpan<byte> value)
    {
        var length = ReadBytesLength();
        value = length < 0 ? default : Take(length);
        return length >= 0;
    }

    /// <param name="minElementBytes">The least an element can take: a count that cannot fit is refused before anything is allocated.</param>
    public int ReadArrayLength(int minElementBytes = 1)
    {
        var count = ReadNullableArrayLength(minElementBytes);
        return count < 0 ? throw new ProtocolException("Null where an array is required.") : count;
    }

    /// <returns>−1 for null.</returns>
    public int ReadNullableArrayLength(int minElementBytes = 1)
    {
        var count = _flexible ? (long)ReadUnsignedVarInt() - 1 : ReadInt32();
        if (count < -1 || count * minElementBytes > Remaining)
        {
            throw new ProtocolException($"An array of {count} elements in {Remaining} bytes.");
        }

        if (count > 0 && (_elements += (int)count) > MaxElements)
        {
            throw new ProtocolException($"More than {MaxElements} elements.");
        }

        return (int)count;
    }

    public int[] ReadInt32Array()
    {
        var values = new int[ReadArrayLength(sizeof(int))];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ReadInt32();
        }

        return values;
    }

    /// <summary>Ends a struct: unknown tagged fields are skipped by their size. Nothing before the flexible version.</summary>
    public void SkipTags()
    {
        if (!_flexible)
        {
            return;
        }

        for (var count = ReadUnsignedVarInt(); count > 0; count--)
        {
            ReadUnsignedVarInt();
            var size = ReadUnsignedVarInt();
            Take(size > int.MaxValue ? throw new ProtocolException($"A tagged field of {size} bytes.") : (int)size);
        }
    }

    private int ReadStringLength()
    {
        if (_flexible)
        {
            return ReadCompactLength();
        }

        var length = ReadInt16();
        return length < -1 ? throw new ProtocolException($"A string of length {length}.") : length;
    }

    private int ReadBytesLength()
    {
        if (_flexible)
        {
            return ReadCompactLength();
        }

        var length = ReadInt32();
        return length < -1 ? throw new ProtocolException($"Bytes of length {length}.") : length;
    }

    private int ReadCompactLength()
    {
        var length = (long)ReadUnsignedVarInt() - 1;
        return length > Remaining ? throw new ProtocolException($"{length} bytes expected at {Position}, {Remaining} left.") : (int)length;
    }
}
