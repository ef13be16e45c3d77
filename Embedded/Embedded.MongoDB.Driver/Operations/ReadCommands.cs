using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>The commands that read.</summary>
internal static class ReadCommands
{
    public static BsonDocument Find<TDocument, TProjection>(
        string collection, BsonDocument filter, FindOptions<TDocument, TProjection>? options, ReadConcern readConcern)
    {
        var command = new BsonDocument { { "find", collection }, { "filter", filter } };
        if (options is null)
            return command.With(readConcern);

        // A negative limit has always meant "one batch and no cursor".
        var limit = options.Limit is 0 ? null : options.Limit;
        return command
            .With("sort", options.Sort?.Render())
            .With("projection", options.Projection?.Render())
            .With("hint", options.Hint)
            .With("skip", options.Skip is 0 ? null : options.Skip)
            .With("limit", limit is { } count ? Math.Abs(count) : null)
            .With("singleBatch", limit < 0 ? true : null)
            .With("batchSize", options.BatchSize)
            .With("comment", options.Comment)
            .With("maxTimeMS", options.MaxTime)
            .With("noCursorTimeout", options.NoCursorTimeout)
            .With("allowDiskUse", options.AllowDiskUse)
            .With("let", options.Let)
            .With(readConcern);
    }

    public static BsonDocument Aggregate(
        BsonValue source, IReadOnlyList<BsonDocument> pipeline, AggregateOptions? options, ReadConcern readConcern, WriteConcern writeConcern)
    {
        var writes = pipeline.Count > 0 && pipeline[^1].ElementCount > 0 && pipeline[^1].GetElement(0).Name is "$out" or "$merge";
        var command = new BsonDocument
        {
            { "aggregate", source },
            { "pipeline", new BsonArray(pipeline) },
            { "cursor", new BsonDocument().With("batchSize", writes ? null : options?.BatchSize) },
        };
        command
            .With("allowDiskUse", options?.AllowDiskUse)
            .With("bypassDocumentValidation", options?.BypassDocumentValidation)
            .With("comment", options?.Comment)
            .With("hint", options?.Hint)
            .With("let", options?.Let)
            .With("maxTimeMS", options?.MaxTime)
            .With(readConcern);
        return writes ? command.With(writeConcern) : command;
    }

    /// <summary>Counting is an aggregation: the count command itself may count a document twice while it moves.</summary>
    public static BsonDocument CountDocuments(string collection, BsonDocument filter, CountOptions? options, ReadConcern readConcern)
    {
        var pipeline = new BsonArray { new BsonDocument("$match", filter) };
        if (options?.Skip is { } skip)
            pipeline.Add(new BsonDocument("$skip", skip));
        if (options?.Limit is { } limit)
            pipeline.Add(new BsonDocument("$limit", limit));
        pipeline.Add(new BsonDocument("$group", new BsonDocument { { "_id", 1 }, { "n", new BsonDocument("$sum", 1) } }));
        return new BsonDocument { { "aggregate", collection }, { "pipeline", pipeline }, { "cursor", new BsonDocument() } }
            .With("comment", options?.Comment)
            .With("hint", options?.Hint)
            .With("maxTimeMS", options?.MaxTime)
            .With(readConcern);
    }
}
