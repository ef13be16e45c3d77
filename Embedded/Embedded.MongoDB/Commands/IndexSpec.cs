using System.Text;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Commands;

/// <summary>The description of an index as it is stored and listed, made from what a client asks for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">Its key document.</param>
/// <param name="Document">The whole description.</param>
internal sealed record IndexSpec(string Name, byte[] Key, byte[] Document)
{
    private const int MaxFieldCount = 32;

    /// <exception cref="CommandException">The description is wrong, or asks for a kind of index that is not supported.</exception>
    public static IndexSpec Parse(ReadOnlySpan<byte> request)
    {
        var key = Elements.Find(request, "key"u8);
        if (!key.IsDocument || Elements.IsEmpty(key.Bytes))
        {
            throw new CommandException(ErrorCode.CannotCreateIndex, "an index needs a key of at least one field");
        }

        var name = Elements.Find(request, "name"u8);
        var text = name.IsString ? name.Text : DefaultName(key.Bytes);
        CheckKey(key.Bytes);

        var document = new BsonBuffer();
        var start = document.BeginDocument();
        document.WriteInt32("v"u8, 2);
        document.WriteElement("key"u8, key);
        document.WriteString("name"u8, text);
        for (var elements = new Elements(request); elements.MoveNext();)
        {
            var option = Encoding.UTF8.GetString(elements.Name);
            switch (option)
            {
                case "v" or "key" or "name" or "ns" or "background":
                    break;
                case "collation":
                    Collation.Check(elements.Value);
                    break;
                case "unique" or "sparse" or "hidden":
                    if (elements.Value.IsTruthy)
                    {
                        document.WriteElement(elements.Name, elements.Value);
                    }

                    break;
                case "expireAfterSeconds":
                    if (!elements.Value.IsNumber || Number.From(elements.Value).ToDouble() is < 0 or > int.MaxValue)
                    {
                        throw new CommandException(ErrorCode.CannotCreateIndex, "expireAfterSeconds must be a number between 0 and 2147483647");
                    }

                    document.WriteElement(elements.Name, elements.Value);
                    break;
                case "partialFilterExpression":
                    Filter.Parse(elements.Value.IsDocument ? elements.ValueBytes : throw CommandCall.WrongType(option, elements.Value, "object"));
                    document.WriteElement(elements.Name, elements.Value);
                    break;
                default:
                    throw new CommandException(
                        ErrorCode.InvalidIndexSpecificationOption, $"The field '{option}' is not valid for an index specification here");
            }
        }

        document.EndDocument(start);
        return new(text, key.Bytes.ToArray(), document.ToArray());
    }

    private static void CheckKey(ReadOnlySpan<byte> key)
    {
        var count = 0;
        for (var elements = new Elements(key); elements.MoveNext(); count++)
        {
            var path = Encoding.UTF8.GetString(elements.Name);
            if (elements.Value.IsString && !elements.Value.Utf8.SequenceEqual("hashed"u8))
            {
                throw new CommandException(ErrorCode.CannotCreateIndex, $"an index of type '{elements.Value.Text}' is not supported here");
            }

            if (!elements.Value.IsString && (!elements.Value.IsNumber || Number.From(elements.Value).IsZero))
            {
                throw new CommandException(ErrorCode.CannotCreateIndex, "Values in the index key pattern must be numbers other than 0");
            }

            if (path.Length == 0 || path.Contains("$**", StringComparison.Ordinal) || path[0] == '$' || path.Split('.').Contains(""))
            {
                throw new CommandException(ErrorCode.CannotCreateIndex, $"'{path}' cannot be indexed");
            }
        }

        if (count > MaxFieldCount)
        {
            throw new CommandException(ErrorCode.CannotCreateIndex, $"an index has at most {MaxFieldCount} fields");
        }
    }

    /// <summary>The name that clients give: fields and directions with underscores between them.</summary>
    private static string DefaultName(ReadOnlySpan<byte> key)
    {
        var name = new StringBuilder();
        for (var elements = new Elements(key); elements.MoveNext();)
        {
            name.Append(name.Length > 0 ? "_" : "").Append(Encoding.UTF8.GetString(elements.Name)).Append('_');
            name.Append(elements.Value.IsString ? elements.Value.Text : elements.Value.IsNumber ? Number.From(elements.Value).ToString() : "");
        }

        return name.ToString();
    }
}
