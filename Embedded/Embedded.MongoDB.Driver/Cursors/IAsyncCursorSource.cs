namespace MongoDB.Driver;

/// <summary>A query that runs when its results are asked for.</summary>
public interface IAsyncCursorSource<TDocument>
{
    Task<IAsyncCursor<TDocument>> ToCursorAsync(CancellationToken cancellationToken = default);
}
