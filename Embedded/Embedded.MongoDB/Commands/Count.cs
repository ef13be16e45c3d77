using Embedded.MongoDB.Query;
using Embedded.MongoDB.Storage;

namespace Embedded.MongoDB.Commands;

/// <summary>count: how many documents match. Without a filter the answer is kept, not counted.</summary>
internal static class Count
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        Collation.Check(call.Argument("collation"u8));
        var filter = Filter.Parse(Find.Or(call.OptionalDocument("query"u8)), call.Variables());
        var skip = call.OptionalCount("skip"u8) ?? 0;
        var limit = Math.Abs(call.OptionalInt64("limit"u8) is { } given and not long.MinValue ? given : 0);
        var matches = call.FindCollection() is { } collection ? await CountAsync(call, collection, filter, limit == 0 ? 0 : skip + limit) : 0;

        matches = Math.Max(0, matches - skip);
        if (limit != 0)
        {
            matches = Math.Min(matches, limit);
        }

        if (matches <= int.MaxValue)
        {
            call.Reply.WriteInt32("n"u8, (int)matches);
        }
        else
        {
            call.Reply.WriteInt64("n"u8, matches);
        }
    }

    private static async ValueTask<long> CountAsync(CommandCall call, Collection collection, Filter filter, long wanted)
    {
        if (filter.IsEmpty)
        {
            return collection.Counters.Documents;
        }

        using var plan = new QueryPlan(collection, Planner.Choose(collection, filter, hint: call.Argument("hint"u8)), filter, call.CheckTime);
        using var reader = await call.Database!.RentReaderAsync(call.Stopping);
        plan.Attach(reader.Connection);
        try
        {
            long count = 0;
            while ((wanted == 0 || count < wanted) && plan.MoveNext())
            {
                count++;
            }

            return count;
        }
        finally
        {
            plan.Detach();
        }
    }
}
