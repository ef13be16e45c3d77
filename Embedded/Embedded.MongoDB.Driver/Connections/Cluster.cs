using System.Diagnostics;
using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>The servers of one client, and the way of a command to the one that takes writes.</summary>
internal sealed class Cluster : IDisposable
{
    private readonly MongoClientSettings _settings;
    private readonly Lazy<Server[]> _servers;
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Cluster(MongoClientSettings settings)
    {
        _settings = settings;
        // The monitors begin with the first operation: a client that is only made and registered needs no server.
        _servers = new(() => [.. settings.Servers.Distinct().Select(address => new Server(address, settings, OnChange))]);
    }

    /// <summary>The server that takes writes; waits until there is one.</summary>
    /// <exception cref="TimeoutException">There was none for <see cref="MongoClientSettings.ServerSelectionTimeout"/>.</exception>
    public async Task<Server> SelectAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var change = Volatile.Read(ref _change).Task;
            if (Array.Find(_servers.Value, IsSuitable) is { } server)
                return server;
            foreach (var unknown in _servers.Value)
                unknown.RequestCheck();

            var rest = _settings.ServerSelectionTimeout - Stopwatch.GetElapsedTime(start);
            try
            {
                await change.WaitAsync(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw NoServer();
            }
        }
    }

    /// <summary>Sends a command to a server and returns its reply, which says ok.</summary>
    /// <exception cref="MongoServerException">The reply is an error.</exception>
    /// <exception cref="MongoConnectionException">The connection broke.</exception>
    public async Task<BsonDocument> RunAsync(Server server, CommandCall call, CancellationToken cancellationToken)
    {
        var connection = await TakeAsync(server, cancellationToken).ConfigureAwait(false);
        using var span = MongoTelemetry.StartCommand(call, connection);
        try
        {
            var reply = await connection.ExchangeAsync(call, cancellationToken).ConfigureAwait(false);
            if (call.WantsNoReply || (reply.TryGetValue("ok", out var ok) && ok.ToBoolean()))
                return reply;
            throw ServerErrors.From(call.Body, reply);
        }
        catch (Exception e)
        {
            MongoTelemetry.Fail(span, e);
            if (e is MongoConnectionException or MongoNotPrimaryException or MongoNodeIsRecoveringException)
                server.Invalidate(e);
            throw;
        }
        finally
        {
            server.Pool.Return(connection);
        }
    }

    public void Dispose()
    {
        if (!_servers.IsValueCreated)
            return;
        foreach (var server in _servers.Value)
            server.Dispose();
    }

    private static async Task<WireConnection> TakeAsync(Server server, CancellationToken cancellationToken)
    {
        try
        {
            return await server.Pool.TakeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (MongoConnectionException e) when (e is not MongoAuthenticationException)
        {
            server.Invalidate(e);
            throw;
        }
    }

    private bool IsSuitable(Server server) =>
        server.Description is { } description
        && (description.IsWritable || _settings.DirectConnection == true)
        && (_settings.ReplicaSetName is null || description.SetName == _settings.ReplicaSetName);

    private void OnChange() => Interlocked.Exchange(ref _change, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private TimeoutException NoServer()
    {
        var views = _servers.Value.Select(server =>
            $"{server.Address}: {(server.Description is null ? server.Problem?.Message ?? "no answer yet" : "does not take writes, or is of another replica set")}");
        return new($"A timeout occurred after {_settings.ServerSelectionTimeout.TotalMilliseconds:0}ms selecting a server. {string.Join("; ", views)}");
    }
}
