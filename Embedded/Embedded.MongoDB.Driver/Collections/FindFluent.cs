namespace MongoDB.Driver;

/// <inheritdoc cref="IFindFluent{TDocument, TProjection}"/>
internal sealed class FindFluent<TDocument, TProjection>(
    IMongoCollection<TDocument> collection, FilterDefinition<TDocument> filter, FindOptions<TDocument, TProjection> options) : IFindFluent<TDocument, TProjection>
{
    public FilterDefinition<TDocument> Filter { get; set; } = filter;

    public FindOptions<TDocument, TProjection> Options => options;

    public Task<long> CountDocumentsAsync(CancellationToken cancellationToken = default) => collection.CountDocumentsAsync(Filter, new()
    {
        Comment = options.Comment,
        Hint = options.Hint,
        Limit = options.Limit is 0 ? null : options.Limit,
        MaxTime = options.MaxTime,
        Skip = options.Skip is 0 ? null : options.Skip,
    }, cancellationToken);

    public IFindFluent<TDocument, TProjection> Limit(int? limit)
    {
        options.Limit = limit;
        return this;
    }

    public IFindFluent<TDocument, TNewProjection> Project<TNewProjection>(ProjectionDefinition<TDocument, TNewProjection> projection) =>
        new FindFluent<TDocument, TNewProjection>(collection, Filter, new FindOptions<TDocument, TNewProjection>
        {
            AllowDiskUse = options.AllowDiskUse,
            BatchSize = options.BatchSize,
            Comment = options.Comment,
            Hint = options.Hint,
            Let = options.Let,
            Limit = options.Limit,
            MaxTime = options.MaxTime,
            NoCursorTimeout = options.NoCursorTimeout,
            Projection = projection,
            Skip = options.Skip,
            Sort = options.Sort,
        });

    public IFindFluent<TDocument, TProjection> Skip(int? skip)
    {
        options.Skip = skip;
        return this;
    }

    public IFindFluent<TDocument, TProjection> Sort(SortDefinition<TDocument> sort)
    {
        options.Sort = sort;
        return this;
    }

    public Task<IAsyncCursor<TProjection>> ToCursorAsync(CancellationToken cancellationToken = default) =>
        collection.FindAsync(Filter, options, cancellationToken);
}
