using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>Recognises the filter that is one plain <c>_id</c> and nothing else.</summary>
internal static class IdFilter
{
    /// <summary>The value that <c>_id</c> must equal; missing where the filter says anything else.</summary>
    public static RawValue Find(ReadOnlySpan<byte> filter)
    {
        var elements = new Elements(filter);
        if (!elements.MoveNext() || !elements.Name.SequenceEqual("_id"u8) || !IsPlain(elements.Value))
        {
            return RawValue.Missing;
        }

        var id = elements.Value;
        return elements.MoveNext() ? RawValue.Missing : id;
    }

    private static bool IsPlain(RawValue value)
    {
        if (!value.IsDocument)
        {
            return value.Type is not (BsonType.Array or BsonType.RegularExpression or BsonType.Undefined or BsonType.Null);
        }

        var elements = new Elements(value.Bytes);
        return !elements.MoveNext() || elements.Name is not [(byte)'$', ..];
    }
}
