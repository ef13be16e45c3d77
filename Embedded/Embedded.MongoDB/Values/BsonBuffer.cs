using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;

namespace Embedded.MongoDB.Values;

/// <summary>
/// A growing buffer in which documents are put together; lengths are filled in when a document ends, so documents nest
/// without being built twice.
/// </summary>
internal sealed class BsonBuffer : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[512];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Forgets what was written after that length.</summary>
    public void Truncate(int length) => Length = length;

    public ReadOnlySpan<byte> From(int start) => _bytes.AsSpan(start, Length - start);

    /// <summary>Begins a document; hand the returned position to <see cref="EndDocument"/>.</summary>
    public int BeginDocument()
    {
        var start = Length;
        Reserve(4);
        Length += 4;
        return start;
    }

    public void EndDocument(int start)
    {
        WriteByte(0);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(start), Length - start);
    }

    /// <summary>Writes the type and the name of an element; its value must follow.</summary>
    public void BeginElement(BsonType type, ReadOnlySpan<byte> name)
    {
        Reserve(name.Length + 2);
        _bytes[Length] = (byte)type;
        name.CopyTo(_bytes.AsSpan(Length + 1));
        _bytes[Length + 1 + name.Length] = 0;
        Length += name.Length + 2;
    }

    /// <summary>Writes an element; a missing value writes nothing.</summary>
    public void WriteElement(ReadOnlySpan<byte> name, RawValue value)
    {
        if (value.IsMissing)
        {
            return;
        }
        BeginElement(value.Type, name);
        Write(value.Bytes);
    }

    /// <summary>Writes an element of an array, whose name is its index.</summary>
    public void WriteItem(int index, RawValue value)
    {
        Span<byte> name = stackalloc byte[11];
        WriteElement(name[..IndexName(index, name)], value);
    }

    public void BeginItem(BsonType type, int index)
    {
        Span<byte> name = stackalloc byte[11];
        BeginElement(type, name[..IndexName(index, name)]);
    }

    public void WriteInt32(ReadOnlySpan<byte> name, int value)
    {
        BeginElement(BsonType.Int32, name);
        BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);
    }

    public void WriteInt64(ReadOnlySpan<byte> name, long value)
    {
        BeginElement(BsonType.Int64, name);
        BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);
    }

    public void WriteString(ReadOnlySpan<byte> name, string value)
    {
        BeginElement(BsonType.String, name);
        var length = Encoding.UTF8.GetByteCount(value);
        BinaryPrimitives.WriteInt32LittleEndian(Take(4), length + 1);
        Encoding.UTF8.GetBytes(value, Take(length));
        WriteByte(0);
    }

    public void WriteByte(byte value)
    {
        Reserve(1);
        _bytes[Length++] = value;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Room for that many bytes, counted as written.</summary>
    public Span<byte> Take(int count)
    {
        Reserve(count);
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }

    public byte[] ToArray() => Written.ToArray();

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private static int IndexName(int index, Span<byte> name)
    {
        index.TryFormat(name, out var length, default, System.Globalization.CultureInfo.InvariantCulture);
        return length;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - Length >= count)
        {
            return;
        }
        System.Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)_bytes.Length * 2, (long)Length + count)));
    }
}
