using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>A cursor of the server. Once it is exhausted there is nothing left to close; before that, disposing closes it there.</summary>
internal sealed class ServerCursor<T>(Cluster cluster, Server server, BsonDocument reply, int? batchSize, BsonValue? comment, Func<BsonDocument, T> convert)
    : IAsyncCursor<T>
{
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    private readonly string _database = Namespace(reply).Database;
    private readonly string _collection = Namespace(reply).Collection;
    private List<T>? _next = Batch(reply, "firstBatch", convert);
    private List<T> _current = [];
    private long _id = reply["cursor"]["id"].ToInt64();
    private bool _isDisposed;

    /// <summary>Ends within <see cref="KillLimit"/> and never fails.</summary>
    private Task _closing = Task.CompletedTask;

    public IEnumerable<T> Current => _current;

    public async Task<bool> MoveNextAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        do
        {
            _current = _next ?? (_id == 0 ? [] : await GetMoreAsync(cancellationToken).ConfigureAwait(false));
            _next = null;
        }
        while (_current.Count == 0 && _id != 0);
        return _current.Count > 0;
    }

    /// <summary>Tells the server to close the cursor. Disposing cannot wait for the answer, and nobody needs it.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (_id != 0)
            _closing = KillAsync();
    }

    private async Task<List<T>> GetMoreAsync(CancellationToken cancellationToken)
    {
        var command = new BsonDocument { { "getMore", _id }, { "collection", _collection } }
            .Add("batchSize", batchSize, batchSize > 0)
            .Add("comment", () => comment!, comment is not null);
        try
        {
            var more = await cluster.RunAsync(server, new CommandCall(_database, command), cancellationToken).ConfigureAwait(false);
            _id = more["cursor"]["id"].ToInt64();
            return Batch(more, "nextBatch", convert);
        }
        catch (MongoCommandException e) when (e.Code == ServerErrors.CursorNotFound)
        {
            var id = _id;
            _id = 0;
            throw new MongoCursorNotFoundException(id);
        }
    }

    /// <summary>A cursor that cannot be closed is closed by the server after a while, so failures are not the caller's concern.</summary>
    private async Task KillAsync()
    {
        using var limit = new CancellationTokenSource(KillLimit);
        try
        {
            var command = new BsonDocument { { "killCursors", _collection }, { "cursors", new BsonArray { _id } } };
            await cluster.RunAsync(server, new CommandCall(_database, command), limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MongoException or TimeoutException or OperationCanceledException or ObjectDisposedException) { }
    }

    private static List<T> Batch(BsonDocument reply, string name, Func<BsonDocument, T> convert)
    {
        var documents = reply["cursor"][name].AsBsonArray;
        var batch = new List<T>(documents.Count);
        foreach (var document in documents)
            batch.Add(convert(document.AsBsonDocument));
        return batch;
    }

    private static (string Database, string Collection) Namespace(BsonDocument reply)
    {
        var name = reply["cursor"]["ns"].AsString;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return (name[..dot], name[(dot + 1)..]);
    }
}
