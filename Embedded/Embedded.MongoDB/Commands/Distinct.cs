using Embedded.MongoDB.Query;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;
using Embedded.MongoDB.Wire;

namespace Embedded.MongoDB.Commands;

/// <summary>distinct: the different values of one field among the matches, in the order they are met. An array stands for its elements.</summary>
internal static class Distinct
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        Collation.Check(call.Argument("collation"u8));
        var path = new FieldPath(
            call.OptionalString("key"u8) ?? throw new CommandException(40414, "BSON field 'distinct.key' is missing but a required field"));
        var filter = Filter.Parse(Find.Or(call.OptionalDocument("query"u8)), call.Variables());
        var values = new Values(call);
        if (call.FindCollection() is { } collection)
        {
            await ReadAsync(call, collection, filter, path, values);
        }

        values.End();
    }

    private static async ValueTask ReadAsync(CommandCall call, Collection collection, Filter filter, FieldPath path, Values values)
    {
        using var plan = new QueryPlan(collection, Planner.Choose(collection, filter, hint: call.Argument("hint"u8)), filter, call.CheckTime);
        using var reader = await call.Database!.RentReaderAsync(call.Stopping);
        var uses = FieldUse.Of([path.Root]);
        plan.Attach(reader.Connection);
        try
        {
            while (plan.MoveNext())
            {
                Visit(RawValue.Document(plan.Read(uses)), path, 0, values);
            }
        }
        finally
        {
            plan.Detach();
        }
    }

    private static void Visit(RawValue value, FieldPath path, int depth, Values values)
    {
        if (value.IsArray)
        {
            var i = 0;
            for (var elements = new Elements(value.Bytes); elements.MoveNext(); i++)
            {
                if (depth == path.Length)
                {
                    values.Add(elements.Value);
                }
                else if (elements.Value.IsDocument)
                {
                    Visit(elements.Value, path, depth, values);
                }
                else if (path.Index(depth) == i)
                {
                    Visit(elements.Value, path, depth + 1, values);
                }
            }
        }
        else if (depth == path.Length)
        {
            values.Add(value);
        }
        else
        {
            Visit(value.Field(path.Part(depth)), path, depth + 1, values);
        }
    }

    /// <summary>The reply's array, which takes each value once.</summary>
    private sealed class Values(CommandCall call)
    {
        private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
        private readonly BsonBuffer _key = new();
        private readonly int _start = call.Reply.BeginArray("values"u8);

        public void Add(RawValue value)
        {
            if (value.IsMissing)
            {
                return;
            }

            _key.Clear();
            KeyEncoding.Encode(value, _key);
            if (!_keys.Add(System.Text.Encoding.Latin1.GetString(_key.Written)))
            {
                return;
            }

            call.Reply.WriteIndexHeader(value.Type, _keys.Count - 1);
            call.Reply.Output.Write(value.Bytes);
            if (call.Reply.Output.Count - _start > WireLimits.MaxDocumentBytes)
            {
                throw new CommandException(17217, "distinct too big, 16mb cap");
            }
        }

        public void End() => call.Reply.EndDocument(_start);
    }
}
