namespace MongoDB.Driver;

/// <summary>
/// One server as this client sees it: its connections, and a monitor that asks it every heartbeat on a connection of its own whether
/// it is there. An operation that fails on the network marks it unknown at once, and the monitor looks again.
/// </summary>
internal sealed class Server : IDisposable
{
    /// <summary>However often someone asks, the monitor does not look more often than this.</summary>
    private static readonly TimeSpan MinHeartbeatInterval = TimeSpan.FromMilliseconds(500);

    private readonly MongoClientSettings _settings;
    private readonly Action _changed;
    private readonly SemaphoreSlim _wanted = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _monitor;

    public Server(MongoServerAddress address, MongoClientSettings settings, Action changed)
    {
        (Address, _settings, _changed) = (address, settings, changed);
        Pool = new ConnectionPool(address, settings);
        _monitor = Task.Run(MonitorAsync);
    }

    public MongoServerAddress Address { get; }

    public ConnectionPool Pool { get; }

    /// <summary>What the server last said; null while it is not known to be there.</summary>
    public ServerDescription? Description { get; private set; }

    /// <summary>What it last said about its limits, whether it is there or not.</summary>
    public ServerDescription? LastDescription { get; private set; }

    /// <summary>Why it is not known to be there.</summary>
    public Exception? Problem { get; private set; }

    /// <summary>An operation failed on the network: what was known is not known any more.</summary>
    public void Invalidate(Exception problem)
    {
        Publish(null, problem);
        Pool.Clear();
        RequestCheck();
    }

    /// <summary>Asks the monitor not to wait for its next heartbeat.</summary>
    public void RequestCheck()
    {
        lock (_wanted)
        {
            if (_wanted.CurrentCount == 0)
                _wanted.Release();
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        Pool.Dispose();
        _monitor.ContinueWith(_ => _stopping.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task MonitorAsync()
    {
        WireConnection? connection = null;
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                connection = await CheckAsync(connection).ConfigureAwait(false);
                await Task.Delay(MinHeartbeatInterval, _stopping.Token).ConfigureAwait(false);
                var rest = _settings.HeartbeatInterval - MinHeartbeatInterval;
                await _wanted.WaitAsync(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested) { }
        finally
        {
            connection?.Dispose();
        }
    }

    /// <summary>One look at the server.</summary>
    /// <returns>The monitor's connection, or null if it has to be made anew.</returns>
    private async Task<WireConnection?> CheckAsync(WireConnection? connection)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        if (_settings.ConnectTimeout > TimeSpan.Zero)
            limit.CancelAfter(_settings.ConnectTimeout);
        try
        {
            if (connection is null)
                connection = await WireConnection.ConnectAsync(Address, _settings, credential: null, generation: 0, limit.Token).ConfigureAwait(false);
            else
                await connection.HelloAsync(limit.Token).ConfigureAwait(false);
            Publish(connection.Description, null);
            return connection;
        }
        catch (Exception e) when (e is MongoException || (e is OperationCanceledException && !_stopping.IsCancellationRequested))
        {
            connection?.Dispose();
            Publish(null, e);
            Pool.Clear();
            return null;
        }
    }

    private void Publish(ServerDescription? description, Exception? problem)
    {
        (Description, Problem, LastDescription) = (description, problem, description ?? LastDescription);
        _changed();
    }
}
