using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>What finds one document and changes it in one step.</summary>
internal sealed partial class MongoCollection<TDocument>
{
    public Task<TProjection> FindOneAndDeleteAsync<TProjection>(
        FilterDefinition<TDocument> filter, FindOneAndDeleteOptions<TDocument, TProjection>? options = null, CancellationToken cancellationToken = default) =>
        FindAndModifyAsync<TProjection>(FindAndModify(filter, options?.Sort, options?.Projection?.Render())
            .Add("remove", true)
            .With("comment", options?.Comment).With("hint", options?.Hint).With("let", options?.Let).With("maxTimeMS", options?.MaxTime), cancellationToken);

    public Task<TProjection> FindOneAndReplaceAsync<TProjection>(
        FilterDefinition<TDocument> filter, TDocument replacement, FindOneAndReplaceOptions<TDocument, TProjection>? options = null,
        CancellationToken cancellationToken = default)
    {
        var document = Results.ToDocument(replacement);
        WriteStatements.CheckUpdate(document, isReplacement: true);
        return FindAndModifyAsync<TProjection>(FindAndModify(filter, options?.Sort, options?.Projection?.Render())
            .Add("update", document)
            .With("new", options?.ReturnDocument == ReturnDocument.After ? true : null)
            .With("upsert", options?.IsUpsert == true ? true : null)
            .With("comment", options?.Comment).With("hint", options?.Hint).With("let", options?.Let).With("maxTimeMS", options?.MaxTime), cancellationToken);
    }

    public Task<TProjection> FindOneAndUpdateAsync<TProjection>(
        FilterDefinition<TDocument> filter, UpdateDefinition<TDocument> update, FindOneAndUpdateOptions<TDocument, TProjection>? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        var rendered = update.Render();
        WriteStatements.CheckUpdate(rendered, isReplacement: false);
        return FindAndModifyAsync<TProjection>(FindAndModify(filter, options?.Sort, options?.Projection?.Render())
            .Add("update", rendered)
            .With("new", options?.ReturnDocument == ReturnDocument.After ? true : null)
            .With("upsert", options?.IsUpsert == true ? true : null)
            .With("arrayFilters", options?.ArrayFilters is { } filters ? new BsonArray(filters.Select(one => one.Render())) : null)
            .With("comment", options?.Comment).With("hint", options?.Hint).With("let", options?.Let).With("maxTimeMS", options?.MaxTime), cancellationToken);
    }

    private BsonDocument FindAndModify(FilterDefinition<TDocument> filter, SortDefinition<TDocument>? sort, BsonDocument? fields)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new BsonDocument { { "findAndModify", name.CollectionName }, { "query", filter.Render() } }
            .With("sort", sort?.Render()).With("fields", fields).With(WriteConcern);
    }

    private async Task<T> FindAndModifyAsync<T>(BsonDocument command, CancellationToken cancellationToken)
    {
        var convert = Results.Converter<T>();
        var reply = await RunAsync("findAndModify", command, cancellationToken).ConfigureAwait(false);
        if (reply.TryGetValue("writeConcernError", out var error))
            throw new MongoWriteConcernException($"Command findAndModify failed: {error["errmsg"]}", command, reply);
        return reply.TryGetValue("value", out var value) && value is BsonDocument document ? convert(document) : default!;
    }
}
