using Embedded.MongoDB.Aggregation;
using Embedded.MongoDB.Bson;
using Embedded.MongoDB.Cursors;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;
using Embedded.MongoDB.Wire;
using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>
/// aggregate: documents through a pipeline of stages. A first <c>$match</c> goes to the planner; where the pipeline begins
/// with something else than a collection, or ends in one, is decided here.
/// </summary>
internal static class Aggregate
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        Collation.Check(call.Argument("collation"u8));
        if (call.Flag("explain"u8))
        {
            throw new CommandException(ErrorCode.BadValue, "the option 'explain' is not supported here: use the command explain");
        }

        if (call.OptionalDocument("cursor"u8).IsEmpty)
        {
            throw new CommandException(ErrorCode.FailedToParse, "The 'cursor' option is required, except for aggregate with the explain argument");
        }

        var isOfDatabase = call.Argument("aggregate"u8).IsNumber;
        var stages = call.OptionalArray("pipeline"u8);
        if (stages.IsEmpty)
        {
            throw new CommandException(40414, "BSON field 'aggregate.pipeline' is missing but a required field");
        }

        var pipeline = Pipeline.Parse(stages.Span, call.Variables());
        if (isOfDatabase && pipeline.Source is null)
        {
            throw new CommandException(
                ErrorCode.InvalidNamespace, "{aggregate: 1} is not valid for a pipeline that begins with documents of a collection");
        }

        var ns = isOfDatabase ? $"{call.DatabaseName}.$cmd.aggregate" : $"{call.DatabaseName}.{call.CollectionName()}";
        var context = new StoreContext(call);
        var results = Open(call, pipeline, isOfDatabase, context);
        if (pipeline.Target is { } target)
        {
            using (results)
            {
                await WriteAsync(call, target, await results.ReadAllAsync(call.Stopping));
            }

            await CursorReply.WriteAsync(call, ns, new DocumentSource([]), batchSize: null);
            return;
        }

        await CursorReply.WriteAsync(call, ns, results, ListCollections.BatchSize(call));
    }

    private static PipelineResults Open(CommandCall call, Pipeline pipeline, bool isOfDatabase, IPipelineContext context)
    {
        if (pipeline.Source is { } source)
        {
            return new(null, null, pipeline, context) { Input = SourceDocuments(call, source, isOfDatabase) };
        }

        if (call.FindCollection() is not { } collection)
        {
            return new(null, null, pipeline, context);
        }

        var filter = pipeline.LeadingMatch;
        var path = filter is null
            ? call.Argument("hint"u8).IsNullish ? new AccessPath.TableScan() : Planner.Choose(
                collection, Filter.Parse(Find.EmptyDocument), hint: call.Argument("hint"u8))
            : Planner.Choose(collection, filter, hint: call.Argument("hint"u8));
        return new(call.Database, new QueryPlan(collection, path, filter, call.CheckTime), pipeline, context);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> SourceDocuments(CommandCall call, PipelineSource source, bool isOfDatabase)
    {
        if (source.Documents is { } documents)
        {
            return documents;
        }

        if (source.Name == "$collStats" && !isOfDatabase)
        {
            return [DescribeCollection(call, source)];
        }

        if (source.Name == "$indexStats" && !isOfDatabase)
        {
            return DescribeIndexes(call);
        }

        return source.Name is "$currentOp" or "$listLocalSessions"
            ? []
            : throw new CommandException(ErrorCode.InvalidNamespace, $"{source.Name} cannot begin this pipeline");
    }

    private static byte[] DescribeCollection(CommandCall call, PipelineSource source)
    {
        var collection = call.FindCollection()
            ?? throw new CommandException(ErrorCode.NamespaceNotFound, $"Collection [{call.DatabaseName}.{call.CollectionName()}] not found.");
        using var buffer = new PooledBuffer();
        var writer = new BsonWriter(buffer);
        var start = writer.BeginDocument();
        writer.WriteString("ns"u8, collection.Namespace);
        writer.WriteString("host"u8, $"{Environment.MachineName}:{call.Server.Endpoint.Port}");
        writer.WriteDateTime("localTime"u8, call.Now.ToUnixTimeMilliseconds());
        if (source.Spec.Raw.Field("storageStats"u8) is { IsDocument: true } wanted)
        {
            var scale = wanted.Field("scale"u8);
            var storage = writer.BeginDocument("storageStats"u8);
            CollStats.Write(writer, collection, scale.IsNumber ? Math.Max(1, (long)Number.From(scale).ToDouble()) : 1);
            writer.EndDocument(storage);
        }

        if (source.Spec.Raw.Field("count"u8).IsDocument)
        {
            writer.WriteInt64("count"u8, collection.Counters.Documents);
        }

        writer.EndDocument(start);
        return buffer.WrittenSpan.ToArray();
    }

    private static IEnumerable<ReadOnlyMemory<byte>> DescribeIndexes(CommandCall call)
    {
        if (call.FindCollection() is not { } collection)
        {
            yield break;
        }

        foreach (var spec in (byte[][])[ListIndexes.IdIndex, .. collection.Indexes.Select(static index => index.Spec)])
        {
            using var buffer = new PooledBuffer();
            var writer = new BsonWriter(buffer);
            var start = writer.BeginDocument();
            writer.WriteString("name"u8, Elements.Find(spec, "name"u8).Text);
            writer.WriteRaw(BsonType.Document, "key"u8, Elements.Find(spec, "key"u8).Bytes);
            writer.WriteString("host"u8, $"{Environment.MachineName}:{call.Server.Endpoint.Port}");
            var accesses = writer.BeginDocument("accesses"u8);
            writer.WriteInt64("ops"u8, 0);
            writer.WriteDateTime("since"u8, call.Server.StartedAt.ToUnixTimeMilliseconds());
            writer.EndDocument(accesses);
            writer.WriteRaw(BsonType.Document, "spec"u8, spec);
            writer.EndDocument(start);
            yield return buffer.WrittenSpan.ToArray();
        }
    }

    /// <summary><c>$out</c>: the collection's documents are replaced in one transaction; its indexes stay and are filled anew.</summary>
    private static async ValueTask WriteAsync(CommandCall call, PipelineTarget target, List<ReadOnlyMemory<byte>> documents)
    {
        var databaseName = target.Database ?? call.DatabaseName;
        DatabaseName.Check(databaseName);
        DatabaseName.CheckCollection(databaseName, target.Collection);
        await call.Server.Store.Open(databaseName).Writer.WriteAsync(
            session =>
            {
                var indexes = session.Catalog.Find(target.Collection)?.Indexes ?? [];
                session.DropCollection(target.Collection);
                session.CreateCollection(target.Collection, []);
                foreach (var index in indexes)
                {
                    session.CreateIndex(target.Collection, index.Spec);
                }

                var writer = session.Open(target.Collection);
                using var placed = new PooledBuffer();
                foreach (var document in documents)
                {
                    placed.Clear();
                    IdField.Place(document.Span, placed);
                    var id = Elements.Find(placed.WrittenSpan, "_id"u8);
                    IdField.Check(id);
                    writer.Insert(KeyEncoding.Encode(id), placed.WrittenSpan);
                }

                return documents.Count;
            },
            documents.Count,
            documents.Sum(static document => (long)document.Length),
            call.IsDurable(),
            isExclusive: true);
        call.Server.Cursors.KillNamespace($"{databaseName}.{target.Collection}");
    }

    /// <summary>What <c>$lookup</c> and <c>$unionWith</c> ask of the store.</summary>
    private sealed class StoreContext(CommandCall call) : IPipelineContext
    {
        private readonly Database? _database = call.Database;
        private readonly Action _checkTime = call.CheckTime;

        public IEnumerable<ReadOnlyMemory<byte>> Read(string collection)
        {
            if (_database?.Catalog.Find(collection) is not { } source)
            {
                yield break;
            }

            // A connection of its own: a stage reads while its pipeline reads, and waiting here for a rented one could wait for itself.
            using var connection = _database.OpenReader();
            using var plan = new QueryPlan(source, new AccessPath.TableScan(), filter: null, _checkTime);
            plan.Attach(connection);
            try
            {
                while (plan.MoveNext())
                {
                    yield return plan.Read(FieldUse.All).ToArray();
                }
            }
            finally
            {
                plan.Detach();
            }
        }
    }
}
