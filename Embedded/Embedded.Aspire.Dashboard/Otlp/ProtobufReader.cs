using System.Buffers.Binary;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>How a field's value is laid out.</summary>
internal enum WireType { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 }

/// <summary>
/// A cursor over one protobuf message: <see cref="Next"/> finds a field, then one Read method takes its value, or
/// <see cref="Skip"/>. It never reads past its bytes: every read goes through <see cref="Take"/>.
/// </summary>
/// <exception cref="OtlpException">Every method: bytes are missing, or are not what the field should be.</exception>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>The number of the field found last.</summary>
    public int Field { get; private set; }

    public WireType WireType { get; private set; }

    /// <summary>Behind what was read last.</summary>
    public readonly int Position => _position;

    /// <summary>Finds the next field; false at the end of the message.</summary>
    public bool Next()
    {
        if (_position == _bytes.Length) return false;
        var tag = Varint();
        (Field, WireType) = ((int)(tag >> 3), (WireType)(tag & 7));
        if (tag is < 8 or > uint.MaxValue) throw new OtlpException($"No field has the tag {tag}, at byte {_position}.");
        if (WireType is not (WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32))
            throw new OtlpException($"Field {Field} has the unknown wire type {(int)WireType}, at byte {_position}.");
        return true;
    }

    public void Skip() => ReadRaw();

    /// <summary>The bytes of the value as they stand: of a length-prefixed field without its length.</summary>
    public ReadOnlySpan<byte> ReadRaw()
    {
        switch (WireType)
        {
            case WireType.Fixed64: return Take(8);
            case WireType.Fixed32: return Take(4);
            case WireType.Bytes: return ReadBytes();
            default:
                var start = _position;
                Varint();
                return _bytes[start.._position];
        }
    }

    public ReadOnlySpan<byte> ReadBytes()
    {
        Expect(WireType.Bytes);
        var length = Varint();
        if (length > (ulong)(_bytes.Length - _position))
            throw new OtlpException($"Field {Field} says it has {length} bytes; {_bytes.Length - _position} are left.");
        return Take((int)length);
    }

    public ulong ReadVarint()
    {
        Expect(WireType.Varint);
        return Varint();
    }

    public bool ReadBool() => ReadVarint() != 0;

    public uint ReadUInt32() => (uint)ReadVarint();

    /// <summary>Zigzag: small negative numbers are short.</summary>
    public int ReadSInt32() => ZigZag((uint)ReadVarint());

    public ulong ReadFixed64()
    {
        Expect(WireType.Fixed64);
        return BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
    }

    public uint ReadFixed32()
    {
        Expect(WireType.Fixed32);
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
    }

    public double ReadDouble() => BitConverter.UInt64BitsToDouble(ReadFixed64());

    /// <summary>One value of a repeated number, or all of them when they are packed: appended as 64 bits each.</summary>
    public void ReadRepeated(WireType element, List<ulong> values)
    {
        if (WireType != WireType.Bytes)
        {
            values.Add(element == WireType.Fixed64 ? ReadFixed64() : ReadVarint());
            return;
        }
        new ProtobufReader(ReadBytes()).ReadPacked(element, values);
    }

    /// <summary>The bytes of a packed field, to their end.</summary>
    public void ReadPacked(WireType element, List<ulong> values)
    {
        WireType = element;
        while (_position < _bytes.Length) values.Add(element == WireType.Fixed64 ? ReadFixed64() : Varint());
    }

    public static int ZigZag(uint value) => (int)(value >> 1) ^ -(int)(value & 1);

    /// <summary>Seven bits a byte, low group first; at most ten bytes.</summary>
    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_position == _bytes.Length) throw new OtlpException($"The message ends inside a number, at byte {_position}.");
            var next = _bytes[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new OtlpException($"A number before byte {_position} is longer than 64 bits.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _position) throw new OtlpException($"Field {Field} needs {count} bytes; {_bytes.Length - _position} are left.");
        var taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }

    private readonly void Expect(WireType expected)
    {
        if (WireType != expected) throw new OtlpException($"Field {Field} has wire type {(int)WireType}; it should be {(int)expected}.");
    }
}
