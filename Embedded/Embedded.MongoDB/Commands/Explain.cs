using System.Diagnostics;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>
/// explain: how a find, count, distinct, update, delete or aggregate finds its rows. It says which access path the planner
/// takes and, above the verbosity queryPlanner, what walking it costs. It does not describe later stages of a pipeline.
/// </summary>
internal static class Explain
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        var command = call.OptionalDocument("explain"u8);
        if (command.IsEmpty)
        {
            throw new CommandException(ErrorCode.FailedToParse, "explain needs a command");
        }

        var name = ReadName(command.Span);
        var database = call.Database;
        var collection = database?.Catalog.Find(name);
        var filter = Filter.Parse(FilterOf(command.Span), call.Variables());
        var sortSpec = Elements.Find(command.Span, "sort"u8);
        var sort = sortSpec.IsDocument && !Elements.IsEmpty(sortSpec.Bytes) ? Sort.Parse(sortSpec.Bytes) : null;
        var path = collection is null
            ? null
            : Planner.Choose(collection, filter, sort, !Elements.Find(command.Span, "limit"u8).IsNullish, Elements.Find(command.Span, "hint"u8));

        var reply = call.Reply;
        reply.WriteString("explainVersion"u8, "1");
        var planner = reply.BeginDocument("queryPlanner"u8);
        reply.WriteString("namespace"u8, $"{call.DatabaseName}.{name}");
        reply.WriteBoolean("indexFilterSet"u8, false);
        reply.WriteRaw(BsonType.Document, "parsedQuery"u8, FilterOf(command.Span));
        WriteStage(call, "winningPlan"u8, path, sort is not null);
        reply.EndDocument(reply.BeginArray("rejectedPlans"u8));
        reply.EndDocument(planner);
        if (call.OptionalString("verbosity"u8) != "queryPlanner")
        {
            await WriteStatisticsAsync(call, collection, path, filter, sort);
        }

        reply.WriteRaw(BsonType.Document, "command"u8, command.Span);
        var server = reply.BeginDocument("serverInfo"u8);
        reply.WriteString("host"u8, Environment.MachineName);
        reply.WriteInt32("port"u8, call.Server.Endpoint.Port);
        reply.WriteString("version"u8, ServerVersion.Text);
        reply.WriteString("gitVersion"u8, "");
        reply.EndDocument(server);
        reply.EndDocument(reply.BeginDocument("serverParameters"u8));
    }

    private static string ReadName(ReadOnlySpan<byte> command)
    {
        var elements = new Elements(command);
        return elements.MoveNext() && elements.Value.IsString ? elements.Value.Text : "$cmd";
    }

    /// <summary>Where each command keeps its filter.</summary>
    private static ReadOnlySpan<byte> FilterOf(ReadOnlySpan<byte> command)
    {
        var filter = Elements.Find(command, "filter"u8);
        if (filter.IsMissing)
        {
            filter = Elements.Find(command, "query"u8);
        }

        foreach (var list in (string[])["updates", "deletes"])
        {
            if (Elements.Find(command, System.Text.Encoding.UTF8.GetBytes(list)) is { IsArray: true } statements)
            {
                filter = Elements.At(statements.Bytes, 0).Field("q"u8);
            }
        }

        if (Elements.Find(command, "pipeline"u8) is { IsArray: true } stages)
        {
            filter = Elements.At(stages.Bytes, 0).Field("$match"u8);
        }

        return filter.IsDocument ? filter.Bytes : Find.EmptyDocument;
    }

    private static void WriteStage(CommandCall call, ReadOnlySpan<byte> name, AccessPath? path, bool hasSort)
    {
        var reply = call.Reply;
        var stage = reply.BeginDocument(name);
        switch (path)
        {
            case null:
                reply.WriteString("stage"u8, "EOF");
                break;
            case var _ when hasSort && !path.IsSorted:
                reply.WriteString("stage"u8, "SORT");
                WriteStage(call, "inputStage"u8, path, hasSort: false);
                break;
            case AccessPath.IdKeys { Keys.Count: 1 }:
                reply.WriteString("stage"u8, "IDHACK");
                break;
            case AccessPath.IndexRanges ranges:
                reply.WriteString("stage"u8, "FETCH");
                var scan = reply.BeginDocument("inputStage"u8);
                reply.WriteString("stage"u8, "IXSCAN");
                reply.WriteRaw(BsonType.Document, "keyPattern"u8, ranges.Index.Key);
                reply.WriteString("indexName"u8, ranges.Index.Name);
                reply.WriteBoolean("isMultiKey"u8, ranges.Index.IsMultikey);
                reply.WriteBoolean("isUnique"u8, ranges.Index.IsUnique);
                reply.WriteString("direction"u8, ranges.IsBackward ? "backward" : "forward");
                reply.EndDocument(scan);
                break;
            case AccessPath.IdKeys:
                reply.WriteString("stage"u8, "FETCH");
                var ids = reply.BeginDocument("inputStage"u8);
                reply.WriteString("stage"u8, "IXSCAN");
                reply.WriteRaw(BsonType.Document, "keyPattern"u8, CollectionWriter.IdPattern);
                reply.WriteString("indexName"u8, "_id_");
                reply.EndDocument(ids);
                break;
            default:
                reply.WriteString("stage"u8, "COLLSCAN");
                reply.WriteString("direction"u8, path is AccessPath.TableScan { IsBackward: true } ? "backward" : "forward");
                break;
        }

        reply.EndDocument(stage);
    }

    private static async ValueTask WriteStatisticsAsync(CommandCall call, Collection? collection, AccessPath? path, Filter filter, Sort? sort)
    {
        var clock = Stopwatch.StartNew();
        long returned = 0, keys = 0, rows = 0;
        if (collection is not null && path is not null)
        {
            using var plan = new QueryPlan(collection, path, filter, call.CheckTime);
            using var reader = await call.Database!.RentReaderAsync(call.Stopping);
            plan.Attach(reader.Connection);
            while (plan.MoveNext())
            {
                returned++;
            }

            (keys, rows) = (plan.Cursor.KeysExamined, plan.Cursor.RowsExamined);
            plan.Detach();
        }

        var reply = call.Reply;
        var statistics = reply.BeginDocument("executionStats"u8);
        reply.WriteBoolean("executionSuccess"u8, true);
        reply.WriteInt64("nReturned"u8, returned);
        reply.WriteInt64("executionTimeMillis"u8, clock.ElapsedMilliseconds);
        reply.WriteInt64("totalKeysExamined"u8, keys);
        reply.WriteInt64("totalDocsExamined"u8, rows);
        WriteStage(call, "executionStages"u8, path, sort is not null);
        reply.EndDocument(statistics);
    }
}
