using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Asks a query for one or two documents only, where one or two decide.</summary>
public static class IFindFluentExtensions
{
    public static Task<bool> AnyAsync<TDocument, TProjection>(this IFindFluent<TDocument, TProjection> find, CancellationToken cancellationToken = default) =>
        IAsyncCursorSourceExtensions.AnyAsync(find.Limit(1), cancellationToken);

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static Task<TProjection> FirstAsync<TDocument, TProjection>(this IFindFluent<TDocument, TProjection> find, CancellationToken cancellationToken = default) =>
        IAsyncCursorSourceExtensions.FirstAsync(find.Limit(1), cancellationToken);

    public static Task<TProjection> FirstOrDefaultAsync<TDocument, TProjection>(
        this IFindFluent<TDocument, TProjection> find, CancellationToken cancellationToken = default) =>
        IAsyncCursorSourceExtensions.FirstOrDefaultAsync(find.Limit(1), cancellationToken);

    public static IFindFluent<TDocument, BsonDocument> Project<TDocument, TProjection>(
        this IFindFluent<TDocument, TProjection> find, ProjectionDefinition<TDocument, BsonDocument> projection) => find.Project<BsonDocument>(projection);

    /// <exception cref="InvalidOperationException">There is none, or more than one.</exception>
    public static Task<TProjection> SingleAsync<TDocument, TProjection>(this IFindFluent<TDocument, TProjection> find, CancellationToken cancellationToken = default) =>
        IAsyncCursorSourceExtensions.SingleAsync(find.Limit(2), cancellationToken);

    /// <exception cref="InvalidOperationException">There is more than one.</exception>
    public static Task<TProjection> SingleOrDefaultAsync<TDocument, TProjection>(
        this IFindFluent<TDocument, TProjection> find, CancellationToken cancellationToken = default) =>
        IAsyncCursorSourceExtensions.SingleOrDefaultAsync(find.Limit(2), cancellationToken);
}
