namespace MongoDB.Driver;

/// <summary>Results that come in batches.</summary>
public interface IAsyncCursor<out TDocument> : IDisposable
{
    /// <summary>The batch that the last move brought.</summary>
    IEnumerable<TDocument> Current { get; }

    /// <summary>Waits for the next batch.</summary>
    /// <returns>False at the end.</returns>
    Task<bool> MoveNextAsync(CancellationToken cancellationToken = default);
}
