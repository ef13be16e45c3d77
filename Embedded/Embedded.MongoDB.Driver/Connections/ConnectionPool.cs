namespace MongoDB.Driver;

/// <summary>
/// The connections to one server. The one that was used last is used next, so the others grow old and are closed. Clearing does not
/// wait: connections of an older generation are closed when they come back.
/// </summary>
internal sealed class ConnectionPool(MongoServerAddress address, MongoClientSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(settings.MaxConnectionPoolSize > 0 ? settings.MaxConnectionPoolSize : int.MaxValue);
    private readonly SemaphoreSlim _connecting = new(Math.Max(1, settings.MaxConnecting));
    private readonly Stack<WireConnection> _idle = new();
    private int _generation;
    private bool _isClosed;

    /// <summary>A connection that nobody else uses; give it back with <see cref="Return"/>.</summary>
    /// <exception cref="TimeoutException">All were in use for <see cref="MongoClientSettings.WaitQueueTimeout"/>.</exception>
    /// <exception cref="MongoConnectionException">A new one could not be made.</exception>
    public async Task<WireConnection> TakeAsync(CancellationToken cancellationToken)
    {
        if (!await _slots.WaitAsync(settings.WaitQueueTimeout, cancellationToken).ConfigureAwait(false))
            throw new TimeoutException($"Timed out waiting for a connection after {settings.WaitQueueTimeout.TotalMilliseconds:0}ms: all {settings.MaxConnectionPoolSize} to {address} are in use.");
        try
        {
            return TakeIdle() ?? await ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    public void Return(WireConnection connection)
    {
        lock (_idle)
        {
            if (!_isClosed && !connection.IsBroken && connection.Generation == _generation)
            {
                _idle.Push(connection);
                connection = null!;
            }
        }
        connection?.Dispose();
        _slots.Release();
    }

    /// <summary>Closes what is idle, and what is in use once it comes back: the server is not what it was.</summary>
    public void Clear()
    {
        WireConnection[] closed;
        lock (_idle)
        {
            _generation++;
            closed = [.. _idle];
            _idle.Clear();
        }
        foreach (var connection in closed)
            connection.Dispose();
    }

    public void Dispose()
    {
        lock (_idle)
            _isClosed = true;
        Clear();
    }

    private WireConnection? TakeIdle()
    {
        while (true)
        {
            WireConnection? connection;
            lock (_idle)
            {
                ObjectDisposedException.ThrowIf(_isClosed, typeof(MongoClient));
                if (!_idle.TryPop(out connection))
                    return null;
            }
            var now = Environment.TickCount64;
            if (now - connection.UsedAtMs < Limit(settings.MaxConnectionIdleTime) && now - connection.CreatedAtMs < Limit(settings.MaxConnectionLifeTime))
                return connection;
            connection.Dispose();
        }
    }

    private static double Limit(TimeSpan time) => time > TimeSpan.Zero ? time.TotalMilliseconds : double.MaxValue;

    /// <summary>Few at a time, so that a burst of operations does not become a burst of handshakes.</summary>
    private async Task<WireConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return TakeIdle()
                ?? await WireConnection.ConnectAsync(address, settings, settings.Credential, Volatile.Read(ref _generation), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _connecting.Release();
        }
    }
}
