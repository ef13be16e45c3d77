using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Aggregation.Stages;

/// <summary><c>$sortByCount</c>: short for a <c>$group</c> that counts and a <c>$sort</c>.</summary>
internal static class SortByCount
{
    public static IReadOnlyList<Stage> Parse(RawValue spec, Variables variables)
    {
        if (!spec.IsDocument && !(spec.IsString && spec.Utf8 is [(byte)'$', ..]))
        {
            throw new CommandException(40149, "the sortByCount field must be specified as a string or as an object");
        }
        var output = new BsonBuffer();
        var start = output.BeginDocument();
        output.WriteElement("_id"u8, spec);
        output.BeginElement(BsonType.Document, "count"u8);
        var count = output.BeginDocument();
        output.WriteInt32("$sum"u8, 1);
        output.EndDocument(count);
        output.EndDocument(start);
        var group = Group.Parse(RawValue.Document(output.Written), variables);

        output.Clear();
        start = output.BeginDocument();
        output.WriteInt32("count"u8, -1);
        output.EndDocument(start);
        return [group, new SortStage(Sort.Parse(output.Written))];
    }
}
