using Embedded.MongoDB.Cursors;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Commands;

/// <summary>find: the documents that match, in an order, as a first batch and a cursor for the rest.</summary>
internal static class Find
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        call.Server.Counters.AddOperations("find", 1);
        RefuseUnsupported(call);
        var source = await OpenAsync(call);
        await CursorReply.WriteAsync(
            call, $"{call.DatabaseName}.{call.CollectionName()}", source, call.OptionalCount("batchSize"u8), call.Flag("singleBatch"u8));
    }

    private static async ValueTask<ResultSource> OpenAsync(CommandCall call)
    {
        // Parsed even where there is nothing to find: a wrong filter is wrong in an empty collection too.
        var variables = call.Variables();
        var filter = Filter.Parse(Or(call.OptionalDocument("filter"u8)), variables);
        var projectionSpec = call.OptionalDocument("projection"u8);
        var projection = projectionSpec.Length <= EmptyDocument.Length ? null : Projection.Parse(projectionSpec.Span, variables);
        var sortSpec = call.OptionalDocument("sort"u8);
        var sort = sortSpec.Length <= EmptyDocument.Length ? null : Sort.Parse(sortSpec.Span);
        var skip = call.OptionalCount("skip"u8) ?? 0;
        var limit = call.OptionalCount("limit"u8) ?? 0;
        if (call.FindCollection() is not { } collection)
        {
            return new DocumentSource([]);
        }

        var database = call.Database!;
        var path = Planner.Choose(collection, filter, sort, isLimited: limit > 0, call.Argument("hint"u8));
        var plan = new QueryPlan(collection, path, filter, call.CheckTime);
        if (sort is not null && !path.IsSorted)
        {
            using var reader = await database.RentReaderAsync(call.Stopping);
            plan.Attach(reader.Connection);
            plan.SortRows(sort, limit == 0 ? 0 : limit + skip);
        }

        return new QuerySource(database, plan, projection, skip, limit);
    }

    /// <summary><c>{}</c></summary>
    internal static ReadOnlySpan<byte> EmptyDocument => [5, 0, 0, 0, 0];

    internal static ReadOnlySpan<byte> Or(ReadOnlyMemory<byte> document) => document.IsEmpty ? EmptyDocument : document.Span;

    private static void RefuseUnsupported(CommandCall call)
    {
        Collation.Check(call.Argument("collation"u8));
        if (call.Flag("tailable"u8) || call.Flag("returnKey"u8) || call.Flag("showRecordId"u8))
        {
            throw new CommandException(ErrorCode.BadValue, "tailable, returnKey and showRecordId are not supported here");
        }

        if (!call.Argument("min"u8).IsNullish || !call.Argument("max"u8).IsNullish)
        {
            throw new CommandException(ErrorCode.BadValue, "min and max are not supported here: say it in the filter");
        }
    }
}
