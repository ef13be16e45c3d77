using Embedded.MongoDB.Bson;
using MongoDB.Bson;

namespace Embedded.MongoDB.Values;

/// <summary>
/// Walks the elements of a document or an array in place. Every length is checked against what is left, so bytes that
/// are no document end in an error and never in a read past their end.
/// </summary>
internal ref struct Elements
{
    private readonly ReadOnlySpan<byte> _document;
    private int _next;
    private int _valueStart;

    public Elements(ReadOnlySpan<byte> document)
    {
        if (document.Length < 5)
        {
            throw Malformed();
        }
        _document = document;
        _next = 4;
    }

    /// <summary>Where the current element begins in the document: at its type byte.</summary>
    public int Start { get; private set; }

    /// <summary>Where the current element ends in the document.</summary>
    public readonly int End => _next;

    /// <summary>Where the value of the current element begins in the document.</summary>
    public readonly int ValueStart => _valueStart;

    public BsonType Type { get; private set; }

    public ReadOnlySpan<byte> Name { get; private set; }

    public readonly ReadOnlySpan<byte> ValueBytes => _document[_valueStart.._next];

    public readonly RawValue Value => new(Type, ValueBytes);

    /// <summary>The whole element: type, name and value.</summary>
    public readonly ReadOnlySpan<byte> Element => _document[Start.._next];

    public bool MoveNext()
    {
        var type = _document[_next];
        if (type == 0)
        {
            return false;
        }
        Start = _next;
        var rest = _document[(_next + 1)..];
        var nameLength = rest.IndexOf((byte)0);
        if (nameLength < 0)
        {
            throw Malformed();
        }
        Name = rest[..nameLength];
        Type = (BsonType)type;
        _valueStart = _next + 2 + nameLength;
        var length = BsonLayout.ValueLength(Type, _document[_valueStart..^1]);
        if (length < 0)
        {
            throw Malformed();
        }
        _next = _valueStart + length;
        return true;
    }

    internal static CommandException Malformed() => new(ErrorCode.InvalidBSON, "the bytes are not a BSON document");

    /// <summary>The first field of that name; missing where there is none.</summary>
    public static RawValue Find(ReadOnlySpan<byte> document, ReadOnlySpan<byte> name)
    {
        var elements = new Elements(document);
        while (elements.MoveNext())
        {
            if (elements.Name.SequenceEqual(name))
            {
                return elements.Value;
            }
        }
        return RawValue.Missing;
    }

    /// <summary>The element of an array at an index; missing past its end.</summary>
    public static RawValue At(ReadOnlySpan<byte> array, int index)
    {
        var elements = new Elements(array);
        while (elements.MoveNext())
        {
            if (index-- == 0)
            {
                return elements.Value;
            }
        }
        return RawValue.Missing;
    }

    public static int Count(ReadOnlySpan<byte> document)
    {
        var elements = new Elements(document);
        var count = 0;
        while (elements.MoveNext())
        {
            count++;
        }
        return count;
    }

    public static bool IsEmpty(ReadOnlySpan<byte> document) => document.Length <= 5;
}
