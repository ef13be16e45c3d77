namespace MongoDB.Driver;

/// <summary>Queries that are put together by calls, and methods with the plain types.</summary>
public static class IMongoCollectionExtensions
{
    /// <summary>Begins an aggregation that is put together by calls.</summary>
    public static IAggregateFluent<TDocument> Aggregate<TDocument>(this IMongoCollection<TDocument> collection, AggregateOptions? options = null) =>
        new AggregateFluent<TDocument, TDocument>(collection, [], options);

    /// <summary>Begins a query that is put together by calls and runs when its results are asked for.</summary>
    public static IFindFluent<TDocument, TDocument> Find<TDocument>(
        this IMongoCollection<TDocument> collection, FilterDefinition<TDocument> filter, FindOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(filter);
        return new FindFluent<TDocument, TDocument>(collection, filter, new FindOptions<TDocument, TDocument>
        {
            AllowDiskUse = options?.AllowDiskUse,
            BatchSize = options?.BatchSize,
            Comment = options?.Comment,
            Hint = options?.Hint,
            Let = options?.Let,
            MaxTime = options?.MaxTime,
            NoCursorTimeout = options?.NoCursorTimeout,
        });
    }

    public static Task<IAsyncCursor<TDocument>> FindAsync<TDocument>(
        this IMongoCollection<TDocument> collection, FilterDefinition<TDocument> filter, FindOptions<TDocument, TDocument>? options = null,
        CancellationToken cancellationToken = default) => collection.FindAsync(filter, options, cancellationToken);

    public static Task<TDocument> FindOneAndDeleteAsync<TDocument>(
        this IMongoCollection<TDocument> collection, FilterDefinition<TDocument> filter, FindOneAndDeleteOptions<TDocument, TDocument>? options = null,
        CancellationToken cancellationToken = default) => collection.FindOneAndDeleteAsync(filter, options, cancellationToken);

    public static Task<TDocument> FindOneAndReplaceAsync<TDocument>(
        this IMongoCollection<TDocument> collection, FilterDefinition<TDocument> filter, TDocument replacement,
        FindOneAndReplaceOptions<TDocument, TDocument>? options = null, CancellationToken cancellationToken = default) =>
        collection.FindOneAndReplaceAsync(filter, replacement, options, cancellationToken);

    public static Task<TDocument> FindOneAndUpdateAsync<TDocument>(
        this IMongoCollection<TDocument> collection, FilterDefinition<TDocument> filter, UpdateDefinition<TDocument> update,
        FindOneAndUpdateOptions<TDocument, TDocument>? options = null, CancellationToken cancellationToken = default) =>
        collection.FindOneAndUpdateAsync(filter, update, options, cancellationToken);
}
