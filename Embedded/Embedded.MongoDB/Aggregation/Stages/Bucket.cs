using System.Text;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary><c>$bucket</c>: short for a <c>$group</c> by the boundary below each value, and a <c>$sort</c>.</summary>
internal static class Bucket
{
    public static IReadOnlyList<Stage> Parse(RawValue spec, Variables variables)
    {
        if (!spec.IsDocument)
        {
            throw new CommandException(40201, "Argument to $bucket stage must be an object");
        }
        RawValue groupBy = default, boundaries = default, fallback = default, fields = default;
        var elements = new Elements(spec.Bytes);
        while (elements.MoveNext())
        {
            switch (Encoding.UTF8.GetString(elements.Name))
            {
                case "groupBy": groupBy = elements.Value; break;
                case "boundaries": boundaries = elements.Value; break;
                case "default": fallback = elements.Value; break;
                case "output": fields = elements.Value; break;
                case var other: throw new CommandException(40197, $"Unrecognized option to $bucket: {other}");
            }
        }
        if (groupBy.IsMissing || boundaries.IsMissing)
        {
            throw new CommandException(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified");
        }
        if (!boundaries.IsArray)
        {
            throw new CommandException(40200, "The $bucket 'boundaries' field must be an array");
        }
        if (Elements.Count(boundaries.Bytes) < 2)
        {
            throw new CommandException(40192, "The $bucket 'boundaries' field must have at least 2 values");
        }
        RequireAscending(boundaries.Bytes);

        return
        [
            Group.Parse(RawValue.Document(GroupSpec(groupBy, boundaries.Bytes, fallback, fields)), variables),
            new SortStage(Sort.Parse([14, 0, 0, 0, 0x10, (byte)'_', (byte)'i', (byte)'d', 0, 1, 0, 0, 0, 0])),
        ];
    }

    private static void RequireAscending(ReadOnlySpan<byte> boundaries)
    {
        var previous = RawValue.Missing;
        var elements = new Elements(boundaries);
        while (elements.MoveNext())
        {
            if (!previous.IsMissing)
            {
                if (ValueOrder.ClassOf(previous.Type) != ValueOrder.ClassOf(elements.Type))
                {
                    throw new CommandException(40193, "All values in the the 'boundaries' option to $bucket must have the same type");
                }
                if (ValueOrder.Compare(previous, elements.Value) >= 0)
                {
                    throw new CommandException(40194, "The 'boundaries' option to $bucket must be sorted");
                }
            }
            previous = elements.Value;
        }
    }

    /// <summary><c>{_id: {$switch: {branches: [{case: {$and: [{$gte: [by, low]}, {$lt: [by, high]}]}, then: low}, …], default}}, …}</c></summary>
    private static byte[] GroupSpec(RawValue groupBy, ReadOnlySpan<byte> boundaries, RawValue fallback, RawValue fields)
    {
        var output = new BsonBuffer();
        var group = output.BeginDocument();
        output.BeginElement(BsonType.Document, "_id"u8);
        var id = output.BeginDocument();
        output.BeginElement(BsonType.Document, "$switch"u8);
        var choice = output.BeginDocument();
        output.BeginElement(BsonType.Array, "branches"u8);
        var branches = output.BeginDocument();
        for (var i = 0; i + 1 < Elements.Count(boundaries); i++)
        {
            output.BeginItem(BsonType.Document, i);
            var branch = output.BeginDocument();
            output.BeginElement(BsonType.Document, "case"u8);
            var condition = output.BeginDocument();
            output.BeginElement(BsonType.Array, "$and"u8);
            var both = output.BeginDocument();
            WriteComparison(output, 0, "$gte"u8, groupBy, Elements.At(boundaries, i));
            WriteComparison(output, 1, "$lt"u8, groupBy, Elements.At(boundaries, i + 1));
            output.EndDocument(both);
            output.EndDocument(condition);
            WriteLiteral(output, "then"u8, Elements.At(boundaries, i));
            output.EndDocument(branch);
        }
        output.EndDocument(branches);
        if (!fallback.IsMissing)
        {
            WriteLiteral(output, "default"u8, fallback);
        }
        output.EndDocument(choice);
        output.EndDocument(id);
        if (fields.IsDocument)
        {
            var elements = new Elements(fields.Bytes);
            while (elements.MoveNext())
            {
                output.Write(elements.Element);
            }
        }
        else
        {
            output.BeginElement(BsonType.Document, "count"u8);
            var count = output.BeginDocument();
            output.WriteInt32("$sum"u8, 1);
            output.EndDocument(count);
        }
        output.EndDocument(group);
        return output.ToArray();
    }

    private static void WriteComparison(BsonBuffer output, int index, ReadOnlySpan<byte> name, RawValue groupBy, RawValue boundary)
    {
        output.BeginItem(BsonType.Document, index);
        var comparison = output.BeginDocument();
        output.BeginElement(BsonType.Array, name);
        var pair = output.BeginDocument();
        output.WriteItem(0, groupBy);
        output.BeginItem(BsonType.Document, 1);
        var literal = output.BeginDocument();
        output.WriteElement("$literal"u8, boundary);
        output.EndDocument(literal);
        output.EndDocument(pair);
        output.EndDocument(comparison);
    }

    private static void WriteLiteral(BsonBuffer output, ReadOnlySpan<byte> name, RawValue value)
    {
        output.BeginElement(BsonType.Document, name);
        var literal = output.BeginDocument();
        output.WriteElement("$literal"u8, value);
        output.EndDocument(literal);
    }
}
