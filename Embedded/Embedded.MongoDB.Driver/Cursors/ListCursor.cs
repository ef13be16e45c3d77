namespace MongoDB.Driver;

/// <summary>Results that came all at once.</summary>
internal sealed class ListCursor<T>(IReadOnlyList<T> items) : IAsyncCursor<T>
{
    private bool _isDone;

    public IEnumerable<T> Current { get; private set; } = [];

    public Task<bool> MoveNextAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var hasMore = !_isDone && items.Count > 0;
        _isDone = true;
        Current = hasMore ? items : [];
        return Task.FromResult(hasMore);
    }

    public void Dispose() { }
}
