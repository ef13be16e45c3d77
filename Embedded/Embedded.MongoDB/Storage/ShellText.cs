using System.Globalization;
using System.Text;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Storage;

/// <summary>A value as mongod writes it into error messages, which is neither of the package's two notations.</summary>
internal static class ShellText
{
    private const int MaxDepth = 8;

    public static string Of(RawValue value) => Of(value, MaxDepth);

    private static string Of(RawValue value, int depth) => value.Type switch
    {
        BsonType.String or BsonType.Symbol => $"\"{value.Text}\"",
        BsonType.ObjectId => $"ObjectId('{Convert.ToHexStringLower(value.Bytes)}')",
        BsonType.Boolean => value.AsBoolean ? "true" : "false",
        BsonType.DateTime => $"new Date({value.AsInt64.ToString(CultureInfo.InvariantCulture)})",
        BsonType.Binary => $"BinData({value.Bytes[4]}, {Convert.ToHexString(value.Payload)})",
        BsonType.MinKey => "MinKey",
        BsonType.MaxKey => "MaxKey",
        BsonType.Document or BsonType.Array when depth == 0 => "...",
        BsonType.Document => Nested(value, "{ ", " }", depth),
        BsonType.Array => Nested(value, "[ ", " ]", depth),
        _ when value.IsNumber => Number.From(value).ToString()!,
        _ => "null",
    };

    private static string Nested(RawValue value, string open, string close, int depth)
    {
        var text = new StringBuilder(open);
        for (var elements = new Elements(value.Bytes); elements.MoveNext();)
        {
            text.Append(text.Length > open.Length ? ", " : "");
            if (value.IsDocument)
            {
                text.Append(Encoding.UTF8.GetString(elements.Name)).Append(": ");
            }

            text.Append(Of(elements.Value, depth - 1));
        }

        return text.Append(close).ToString();
    }
}
