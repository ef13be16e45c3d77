using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>What reads.</summary>
internal sealed partial class MongoCollection<TDocument>
{
    public Task<IAsyncCursor<TResult>> AggregateAsync<TResult>(
        PipelineDefinition<TDocument, TResult> pipeline, AggregateOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return OpenAsync<TResult>("aggregate", ReadCommands.Aggregate(name.CollectionName, pipeline.Render(), options, ReadConcern, WriteConcern), cancellationToken);
    }

    public async Task<long> CountDocumentsAsync(FilterDefinition<TDocument> filter, CountOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var command = ReadCommands.CountDocuments(name.CollectionName, filter.Render(), options, ReadConcern);
        using var cursor = await OpenAsync<BsonDocument>("countDocuments", command, cancellationToken).ConfigureAwait(false);
        return await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false) ? cursor.Current.First()["n"].ToInt64() : 0;
    }

    public async Task<IAsyncCursor<TField>> DistinctAsync<TField>(
        FieldDefinition<TDocument, TField> field, FilterDefinition<TDocument> filter, DistinctOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(filter);
        var command = new BsonDocument { { "distinct", name.CollectionName }, { "key", field.Path }, { "query", filter.Render() } }
            .With("comment", options?.Comment).With("maxTimeMS", options?.MaxTime).With(ReadConcern);
        var reply = await RunAsync("distinct", command, cancellationToken).ConfigureAwait(false);
        return new ListCursor<TField>([.. reply["values"].AsBsonArray.Select(Results.Value<TField>)]);
    }

    public async Task<long> EstimatedDocumentCountAsync(EstimatedDocumentCountOptions? options = null, CancellationToken cancellationToken = default)
    {
        var command = new BsonDocument("count", name.CollectionName)
            .With("comment", options?.Comment).With("maxTimeMS", options?.MaxTime).With(ReadConcern);
        return (await RunAsync("count", command, cancellationToken).ConfigureAwait(false))["n"].ToInt64();
    }

    public Task<IAsyncCursor<TProjection>> FindAsync<TProjection>(
        FilterDefinition<TDocument> filter, FindOptions<TDocument, TProjection>? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return OpenAsync<TProjection>("find", ReadCommands.Find(name.CollectionName, filter.Render(), options, ReadConcern), cancellationToken);
    }
}
