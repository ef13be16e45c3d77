namespace MongoDB.Driver;

/// <summary>A query that is put together by calls; each call changes it and returns it.</summary>
public interface IFindFluent<TDocument, TProjection> : IAsyncCursorSource<TProjection>
{
    FilterDefinition<TDocument> Filter { get; set; }

    FindOptions<TDocument, TProjection> Options { get; }

    /// <summary>Counts what the filter matches, within skip and limit.</summary>
    Task<long> CountDocumentsAsync(CancellationToken cancellationToken = default);

    IFindFluent<TDocument, TProjection> Limit(int? limit);

    IFindFluent<TDocument, TNewProjection> Project<TNewProjection>(ProjectionDefinition<TDocument, TNewProjection> projection);

    IFindFluent<TDocument, TProjection> Skip(int? skip);

    IFindFluent<TDocument, TProjection> Sort(SortDefinition<TDocument> sort);
}
