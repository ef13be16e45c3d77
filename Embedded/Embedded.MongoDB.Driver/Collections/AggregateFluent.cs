using MongoDB.Bson;

namespace MongoDB.Driver;

/// <inheritdoc cref="IAggregateFluent{TResult}"/>
internal sealed class AggregateFluent<TDocument, TResult>(IMongoCollection<TDocument> collection, BsonDocument[] stages, AggregateOptions? options)
    : IAggregateFluent<TResult>
{
    public IAggregateFluent<TNewResult> AppendStage<TNewResult>(PipelineStageDefinition<TResult, TNewResult> stage) => Then<TNewResult>(stage.Render());

    public IAggregateFluent<TNewResult> Group<TNewResult>(ProjectionDefinition<TResult, TNewResult> group) =>
        Then<TNewResult>(new BsonDocument("$group", group.Render()));

    public IAggregateFluent<TResult> Limit(long limit) => Then<TResult>(new BsonDocument("$limit", limit));

    public IAggregateFluent<TResult> Match(FilterDefinition<TResult> filter) => Then<TResult>(new BsonDocument("$match", filter.Render()));

    public IAggregateFluent<TNewResult> Project<TNewResult>(ProjectionDefinition<TResult, TNewResult> projection) =>
        Then<TNewResult>(new BsonDocument("$project", projection.Render()));

    public IAggregateFluent<TResult> Skip(long skip) => Then<TResult>(new BsonDocument("$skip", skip));

    public IAggregateFluent<TResult> Sort(SortDefinition<TResult> sort) => Then<TResult>(new BsonDocument("$sort", sort.Render()));

    public Task<IAsyncCursor<TResult>> ToCursorAsync(CancellationToken cancellationToken = default) =>
        collection.AggregateAsync(PipelineDefinition<TDocument, TResult>.Create(stages), options, cancellationToken);

    private AggregateFluent<TDocument, T> Then<T>(BsonDocument stage) => new(collection, [.. stages, stage], options);
}
