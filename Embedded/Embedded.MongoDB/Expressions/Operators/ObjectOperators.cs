using System.Text;
using Embedded.MongoDB.Expressions.Accumulators;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions.Operators;

/// <summary>Documents as values.</summary>
internal static class ObjectOperators
{
    public static readonly Operator[] Rows =
    [
        Operator.Many("$mergeObjects", 0, int.MaxValue, MergeObjects),
        Operator.One("$objectToArray", ObjectToArray),
        Operator.One("$arrayToObject", ArrayToObject),
        Operator.One("$bsonSize", (value, scope) => value.IsNullish ? RawValue.Null
            : value.IsDocument ? scope.Of(value.Bytes.Length) : throw new CommandException(
                31393, $"$bsonSize requires a document input, found: {TypeName.Of(value.Type)}")),
        Operator.One("$binarySize", (value, scope) => value.Type switch
        {
            BsonType.Null or BsonType.EndOfDocument or BsonType.Undefined => RawValue.Null,
            BsonType.Binary => scope.Of(value.Payload.Length),
            BsonType.String => scope.Of(value.Utf8.Length),
            _ => throw new CommandException(51276, $"$binarySize requires a string or BinData argument, found: {TypeName.Of(value.Type)}"),
        }),
    ];

    /// <summary><c>$getField</c>: the name, taken as it stands, and the document.</summary>
    public static readonly Operator GetField = Operator.Two("$getField", (name, input, _) =>
        input.IsMissing ? RawValue.Missing : input.IsNullish ? RawValue.Null : input.Field(name.Utf8));

    /// <summary><c>$setField</c> and <c>$unsetField</c>: the name, the document, and the value (missing to remove the field).</summary>
    public static readonly Operator SetField = Operator.Many("$setField", 3, 3, (arguments, root, scope) =>
    {
        var name = arguments[0].Evaluate(root, scope);
        var input = arguments[1].Evaluate(root, scope);
        if (input.IsNullish)
        {
            return RawValue.Null;
        }
        if (!input.IsDocument)
        {
            throw new CommandException(4161105, "$setField requires 'input' to evaluate to type Object");
        }
        var value = arguments[2].Evaluate(root, scope);
        var start = scope.Scratch.BeginDocument();
        var elements = new Elements(input.Bytes);
        var found = false;
        while (elements.MoveNext())
        {
            if (!elements.Name.SequenceEqual(name.Utf8))
            {
                scope.Scratch.Write(elements.Element);
                continue;
            }
            if (!found)
            {
                scope.Scratch.WriteElement(elements.Name, value);
            }
            found = true;
        }
        if (!found)
        {
            scope.Scratch.WriteElement(name.Utf8, value);
        }
        return scope.Finish(BsonType.Document, start);
    });

    private static RawValue MergeObjects(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var merged = Expression.EmptyDocument;
        foreach (var argument in arguments)
        {
            var value = argument.Evaluate(root, scope);
            if (arguments.Length == 1 && value.IsArray)
            {
                var items = new Elements(value.Bytes);
                while (items.MoveNext())
                {
                    merged = Merge(merged, items.Value, scope);
                }
                continue;
            }
            merged = Merge(merged, value, scope);
        }
        return RawValue.Document(merged);
    }

    /// <summary>The fields of both; those of the second win and keep the place of the first.</summary>
    internal static ReadOnlySpan<byte> Merge(ReadOnlySpan<byte> left, RawValue right, Evaluation scope)
    {
        if (right.IsNullish)
        {
            return left;
        }
        if (!right.IsDocument)
        {
            throw new CommandException(40400, $"$mergeObjects requires object inputs, but input is of type {TypeName.Of(right.Type)}");
        }
        if (Elements.IsEmpty(left))
        {
            return right.Bytes;
        }
        var start = scope.Scratch.BeginDocument();
        var lefts = new Elements(left);
        while (lefts.MoveNext())
        {
            var over = right.Field(lefts.Name);
            if (over.IsMissing)
            {
                scope.Scratch.Write(lefts.Element);
            }
            else
            {
                scope.Scratch.WriteElement(lefts.Name, over);
            }
        }
        var rights = new Elements(right.Bytes);
        while (rights.MoveNext())
        {
            if (Elements.Find(left, rights.Name).IsMissing)
            {
                scope.Scratch.Write(rights.Element);
            }
        }
        return scope.Finish(BsonType.Document, start).Bytes;
    }

    private static RawValue ObjectToArray(RawValue value, Evaluation scope)
    {
        if (value.IsNullish)
        {
            return RawValue.Null;
        }
        if (!value.IsDocument)
        {
            throw new CommandException(40390, $"$objectToArray requires a document input, found: {TypeName.Of(value.Type)}");
        }
        var start = scope.Scratch.BeginDocument();
        var elements = new Elements(value.Bytes);
        for (var i = 0; elements.MoveNext(); i++)
        {
            scope.Scratch.BeginItem(BsonType.Document, i);
            var item = scope.Scratch.BeginDocument();
            scope.Scratch.WriteString("k"u8, Encoding.UTF8.GetString(elements.Name));
            scope.Scratch.WriteElement("v"u8, elements.Value);
            scope.Scratch.EndDocument(item);
        }
        return scope.Finish(BsonType.Array, start);
    }

    private static RawValue ArrayToObject(RawValue value, Evaluation scope)
    {
        if (value.IsNullish)
        {
            return RawValue.Null;
        }
        if (!value.IsArray)
        {
            throw new CommandException(40386, $"$arrayToObject requires an array input, found: {TypeName.Of(value.Type)}");
        }
        var merged = Expression.EmptyDocument;
        var elements = new Elements(value.Bytes);
        while (elements.MoveNext())
        {
            var (name, item) = elements.Type switch
            {
                BsonType.Array when Elements.Count(elements.ValueBytes) == 2 =>
                    new Pair(Elements.At(elements.ValueBytes, 0), Elements.At(elements.ValueBytes, 1)),
                BsonType.Document => new Pair(elements.Value.Field("k"u8), elements.Value.Field("v"u8)),
                _ => default,
            };
            if (!name.IsString || item.IsMissing)
            {
                throw new CommandException(40392, "$arrayToObject requires pairs of a string and a value, as [k, v] or {k, v}");
            }
            var start = scope.Scratch.BeginDocument();
            scope.Scratch.WriteElement(name.Utf8, item);
            merged = Merge(merged, scope.Finish(BsonType.Document, start), scope);
        }
        return RawValue.Document(merged);
    }

    private readonly ref struct Pair(RawValue name, RawValue value)
    {
        private readonly RawValue _name = name;
        private readonly RawValue _value = value;

        public void Deconstruct(out RawValue name, out RawValue value)
        {
            name = _name;
            value = _value;
        }
    }
}
