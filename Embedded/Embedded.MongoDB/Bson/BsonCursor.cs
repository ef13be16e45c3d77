using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;

namespace Embedded.MongoDB.Bson;

/// <summary>
/// Walks the elements of one document where it lies. Nothing is copied and nothing is decoded before it is asked for; every length
/// is checked against what is left, so bytes that are no document end in a <see cref="FormatException"/> and never past their end.
/// </summary>
internal ref struct BsonCursor
{
    private readonly ReadOnlySpan<byte> _document;
    private int _next = 4;

    /// <summary>Begins before the first element of <paramref name="document"/>, which must be one document and nothing more.</summary>
    public BsonCursor(ReadOnlySpan<byte> document)
    {
        if (document.Length < BsonLayout.MinDocumentBytes || BinaryPrimitives.ReadInt32LittleEndian(document) != document.Length || document[^1] != 0)
        {
            throw Malformed("a document's length or its end byte is wrong");
        }

        _document = document;
    }

    /// <summary>The type of the current element.</summary>
    public BsonType Type { get; private set; }

    /// <summary>The name of the current element in UTF-8, unchecked.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value of the current element as it stands in the document: a string keeps its length and its end byte.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Moves to the next element.</summary>
    /// <returns>False at the end of the document.</returns>
    public bool MoveNext()
    {
        var type = _document[_next];
        if (type == 0)
        {
            return _next == _document.Length - 1 ? false : throw Malformed("a document ends before its length says so");
        }

        var rest = _document[(_next + 1)..^1];
        var nameLength = rest.IndexOf((byte)0);
        if (nameLength < 0)
        {
            throw Malformed("an element's name has no end");
        }

        Type = (BsonType)type;
        Name = rest[..nameLength];
        rest = rest[(nameLength + 1)..];
        var valueLength = BsonLayout.ValueLength(Type, rest);
        if (valueLength < 0)
        {
            throw Malformed($"the value of '{Encoding.UTF8.GetString(Name)}' (type 0x{type:x2}) does not fit into its document");
        }

        Value = rest[..valueLength];
        _next += 1 + nameLength + 1 + valueLength;
        return true;
    }

    /// <summary>Moves to the first element of that name from here on.</summary>
    public bool MoveTo(ReadOnlySpan<byte> name)
    {
        while (MoveNext())
        {
            if (Name.SequenceEqual(name))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The current value, which must be an int32.</summary>
    public readonly int Int32 => BinaryPrimitives.ReadInt32LittleEndian(Of(BsonType.Int32));

    /// <summary>The current value, which must be an int64.</summary>
    public readonly long Int64 => BinaryPrimitives.ReadInt64LittleEndian(Of(BsonType.Int64));

    /// <summary>The current value, which must be a double.</summary>
    public readonly double Double => BinaryPrimitives.ReadDoubleLittleEndian(Of(BsonType.Double));

    /// <summary>The current value, which must be a boolean of 0 or 1.</summary>
    public readonly bool Boolean => Of(BsonType.Boolean)[0] switch
    {
        0 => false,
        1 => true,
        var other => throw Malformed($"a boolean is 0 or 1, not {other}"),
    };

    /// <summary>Milliseconds since 1970 of the current value, which must be a date.</summary>
    public readonly long DateTimeMs => BinaryPrimitives.ReadInt64LittleEndian(Of(BsonType.DateTime));

    /// <summary>The UTF-8 bytes, unchecked, of the current value, which must be a string, symbol or code.</summary>
    public readonly ReadOnlySpan<byte> Utf8
    {
        get
        {
            if (Type is not (BsonType.String or BsonType.Symbol or BsonType.JavaScript))
            {
                throw Unexpected(BsonType.String);
            }

            return Value[^1] == 0 ? Value[4..^1] : throw Malformed("a string does not end in a zero byte");
        }
    }

    /// <summary>The current value, which must be a string; bytes that are no UTF-8 become U+FFFD.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Utf8);

    /// <summary>The current value, which must be a document or an array, to be walked by a cursor of its own.</summary>
    public readonly ReadOnlySpan<byte> Document => Type is BsonType.Document or BsonType.Array ? Value : throw Unexpected(BsonType.Document);

    /// <summary>The bytes of the current value, which must be binary data; subtype 2 loses its second length.</summary>
    public readonly ReadOnlySpan<byte> Binary(out BsonBinarySubType subType)
    {
        var value = Of(BsonType.Binary);
        subType = (BsonBinarySubType)value[4];
        if (subType != BsonLayout.OldBinary)
        {
            return value[5..];
        }

        if (value.Length < 9 || BinaryPrimitives.ReadInt32LittleEndian(value[5..]) != value.Length - 9)
        {
            throw Malformed("the two lengths of old binary data do not agree");
        }

        return value[9..];
    }

    private readonly ReadOnlySpan<byte> Of(BsonType wanted) => Type == wanted ? Value : throw Unexpected(wanted);

    private readonly InvalidOperationException Unexpected(BsonType wanted) =>
        new($"'{Encoding.UTF8.GetString(Name)}' is of type {Type}, not {wanted}");

    internal static FormatException Malformed(string problem) => new($"malformed BSON: {problem}");
}
