using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Embedded.MongoDB.Wire;
using MongoDB.Bson;

namespace Embedded.MongoDB.Bson;

/// <summary>
/// Puts documents together in a buffer. A document's length is written when it ends, over the place that was kept for it, so nested
/// documents are written once and never copied.
/// </summary>
internal readonly struct BsonWriter(PooledBuffer output)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where everything goes.</summary>
    public PooledBuffer Output => output;

    /// <summary>Begins a document that stands alone. Hand the position to <see cref="EndDocument"/>.</summary>
    public int BeginDocument()
    {
        var start = output.Count;
        output.WriteInt32(0);
        return start;
    }

    /// <summary>Begins a document inside the current one.</summary>
    public int BeginDocument(ReadOnlySpan<byte> name)
    {
        WriteHeader(BsonType.Document, name);
        return BeginDocument();
    }

    /// <summary>Begins an array inside the current document; its elements are named by <see cref="WriteIndexHeader"/>.</summary>
    public int BeginArray(ReadOnlySpan<byte> name)
    {
        WriteHeader(BsonType.Array, name);
        return BeginDocument();
    }

    /// <summary>Ends a document or an array and fills in its length.</summary>
    public void EndDocument(int start)
    {
        output.WriteByte(0);
        output.PatchInt32(start, output.Count - start);
    }

    /// <summary>Writes an element's type and name; its value must follow.</summary>
    public void WriteHeader(BsonType type, ReadOnlySpan<byte> name)
    {
        var span = output.GetSpan(name.Length + 2);
        span[0] = (byte)type;
        name.CopyTo(span[1..]);
        span[1 + name.Length] = 0;
        output.Advance(name.Length + 2);
    }

    /// <summary>Writes an element's type and name; its value must follow.</summary>
    /// <exception cref="ArgumentException">The name holds a zero character or is no Unicode text.</exception>
    public void WriteHeader(BsonType type, string name)
    {
        output.WriteByte((byte)type);
        WriteCString(name);
    }

    /// <summary>Writes the type and the name of an array's element: its index.</summary>
    public void WriteIndexHeader(BsonType type, int index)
    {
        Span<byte> name = stackalloc byte[11];
        Utf8Formatter.TryFormat(index, name, out var length);
        WriteHeader(type, name[..length]);
    }

    /// <summary>Writes an element whose value is already BSON.</summary>
    public void WriteRaw(BsonType type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        WriteHeader(type, name);
        output.Write(value);
    }

    /// <summary>Writes an int32.</summary>
    public void WriteInt32(ReadOnlySpan<byte> name, int value)
    {
        WriteHeader(BsonType.Int32, name);
        output.WriteInt32(value);
    }

    /// <summary>Writes an int64.</summary>
    public void WriteInt64(ReadOnlySpan<byte> name, long value)
    {
        WriteHeader(BsonType.Int64, name);
        WriteInt64Value(value);
    }

    /// <summary>Writes a double.</summary>
    public void WriteDouble(ReadOnlySpan<byte> name, double value)
    {
        WriteHeader(BsonType.Double, name);
        WriteInt64Value(BitConverter.DoubleToInt64Bits(value));
    }

    /// <summary>Writes a boolean.</summary>
    public void WriteBoolean(ReadOnlySpan<byte> name, bool value)
    {
        WriteHeader(BsonType.Boolean, name);
        output.WriteByte(value ? (byte)1 : (byte)0);
    }

    /// <summary>Writes a date.</summary>
    public void WriteDateTime(ReadOnlySpan<byte> name, long millisecondsSinceEpoch)
    {
        WriteHeader(BsonType.DateTime, name);
        WriteInt64Value(millisecondsSinceEpoch);
    }

    /// <summary>Writes null.</summary>
    public void WriteNull(ReadOnlySpan<byte> name) => WriteHeader(BsonType.Null, name);

    /// <summary>Writes a string.</summary>
    public void WriteString(ReadOnlySpan<byte> name, string value)
    {
        WriteHeader(BsonType.String, name);
        WriteStringValue(value);
    }

    /// <summary>Writes binary data.</summary>
    public void WriteBinary(ReadOnlySpan<byte> name, BsonBinarySubType subType, ReadOnlySpan<byte> bytes)
    {
        WriteHeader(BsonType.Binary, name);
        WriteBinaryValue(subType, bytes);
    }

    /// <summary>Eight little-endian bytes, without type and name.</summary>
    public void WriteInt64Value(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    /// <summary>Length, text and end byte, without type and name.</summary>
    public void WriteStringValue(string value)
    {
        var start = output.Count;
        output.WriteInt32(0);
        WriteText(value);
        output.WriteByte(0);
        output.PatchInt32(start, output.Count - start - 4);
    }

    /// <summary>Length, subtype and bytes, without type and name; subtype 2 gets its second length.</summary>
    public void WriteBinaryValue(BsonBinarySubType subType, ReadOnlySpan<byte> bytes)
    {
        var isOld = subType == BsonLayout.OldBinary;
        output.WriteInt32(bytes.Length + (isOld ? 4 : 0));
        output.WriteByte((byte)subType);
        if (isOld)
        {
            output.WriteInt32(bytes.Length);
        }

        output.Write(bytes);
    }

    /// <summary>Text and end byte.</summary>
    /// <exception cref="ArgumentException">The text holds a zero character or is no Unicode text.</exception>
    public void WriteCString(string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("a name or a pattern cannot hold a zero character", nameof(value));
        }

        WriteText(value);
        output.WriteByte(0);
    }

    private void WriteText(string value)
    {
        var span = output.GetSpan(Strict.GetMaxByteCount(value.Length));
        output.Advance(Strict.GetBytes(value, span));
    }
}
