using System.Text;
using MongoDB.Bson;

namespace Embedded.MongoDB.Values;

/// <summary>A dotted path, taken apart once: <c>a.0.b</c> is three parts, the second of which may also be an index.</summary>
internal sealed class FieldPath
{
    private readonly byte[][] _parts;
    private readonly int[] _indexes;

    public FieldPath(string text)
    {
        Text = text;
        var names = text.Split('.');
        Names = names;
        _parts = Array.ConvertAll(names, Encoding.UTF8.GetBytes);
        _indexes = Array.ConvertAll(names, IndexOf);
    }

    public string Text { get; }

    public IReadOnlyList<string> Names { get; }

    public int Length => _parts.Length;

    /// <summary>The first part: the field of the document that the path needs.</summary>
    public string Root => Names[0];

    public ReadOnlySpan<byte> Part(int depth) => _parts[depth];

    /// <summary>The part as an index, or −1: "0" and "12" are indexes, "01" and "-1" are only names.</summary>
    public int Index(int depth) => _indexes[depth];

    /// <summary>A path part as an index of an array, or −1.</summary>
    public static int IndexOf(string part) =>
        part.Length is > 0 and <= 9 && !part.AsSpan().ContainsAnyExceptInRange('0', '9') && (part.Length == 1 || part[0] != '0')
            ? int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)
            : -1;

    /// <summary>Follows the path through documents only, never into arrays.</summary>
    public RawValue Find(ReadOnlySpan<byte> document)
    {
        var value = RawValue.Document(document);
        for (var depth = 0; depth < _parts.Length && !value.IsMissing; depth++)
        {
            value = value.Field(_parts[depth]);
        }
        return value;
    }

    /// <summary>
    /// Whether some value that the path leads to passes the test. An array on the way stands for each of its documents,
    /// and for the element a numeric part names; a scalar on the way yields "missing", unless it is itself an element.
    /// </summary>
    /// <param name="position">On success the index in the outermost array that was entered, if one was: the positional <c>$</c>.</param>
    public bool Any(ReadOnlySpan<byte> document, ValueTest test, ref int position) => InDocument(document, 0, test, ref position);

    private bool InDocument(ReadOnlySpan<byte> document, int depth, ValueTest test, ref int position)
    {
        var value = Elements.Find(document, _parts[depth]);
        if (depth + 1 == _parts.Length)
        {
            return AtEnd(value, test, ref position);
        }
        return value.Type switch
        {
            BsonType.Document => InDocument(value.Bytes, depth + 1, test, ref position),
            BsonType.Array => InArray(value.Bytes, depth + 1, test, ref position),
            _ => test.Test(RawValue.Missing, ref position),
        };
    }

    private bool InArray(ReadOnlySpan<byte> array, int depth, ValueTest test, ref int position)
    {
        var elements = new Elements(array);
        for (var i = 0; elements.MoveNext(); i++)
        {
            if ((i == _indexes[depth] && AtIndex(elements.Value, depth + 1, test, ref position))
                || (elements.Type == BsonType.Document && InDocument(elements.ValueBytes, depth, test, ref position)))
            {
                position = i;
                return true;
            }
        }
        return false;
    }

    private bool AtIndex(RawValue element, int depth, ValueTest test, ref int position)
    {
        if (depth == _parts.Length)
        {
            return AtEnd(element, test, ref position);
        }
        return element.Type switch
        {
            BsonType.Document => InDocument(element.Bytes, depth, test, ref position),
            BsonType.Array => InArray(element.Bytes, depth, test, ref position),
            _ => false,
        };
    }

    private static bool AtEnd(RawValue value, ValueTest test, ref int position)
    {
        if (test.Test(value, ref position))
        {
            return true;
        }
        if (!test.EntersArrays || !value.IsArray)
        {
            return false;
        }
        var elements = new Elements(value.Bytes);
        for (var i = 0; elements.MoveNext(); i++)
        {
            if (test.Test(elements.Value, ref position))
            {
                position = i;
                return true;
            }
        }
        return false;
    }
}
