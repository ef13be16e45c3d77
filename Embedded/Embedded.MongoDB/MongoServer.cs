using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Embedded.Hosting;
using Embedded.MongoDB.Connections;
using Embedded.MongoDB.Cursors;
using Embedded.MongoDB.Security;
using Embedded.MongoDB.Storage;
using Microsoft.Extensions.Logging;

namespace Embedded.MongoDB;

/// <summary>The server as an object that a test can start: a store, a listener, and the connections.</summary>
internal sealed class MongoServer : IAsyncDisposable
{
    /// <summary>Further connections are closed as soon as they are accepted.</summary>
    public const int MaxConnectionCount = 10_000;

    private const int Backlog = 512;
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Connection, Task> _connections = [];
    private readonly TtlMonitor _ttlMonitor;
    private readonly Task _accepting;
    private readonly Task _expiring;
    private int _lastConnectionId;

    private MongoServer(ServerOptions options, Store store, Socket listener, ILoggerFactory logs)
    {
        Options = options;
        Store = store;
        Logger = logs.CreateLogger("Embedded.MongoDB");
        Authenticator = new(options.RootUser);
        _listener = listener;
        Endpoint = (IPEndPoint)listener.LocalEndPoint!;
        _ttlMonitor = new(this);
        _accepting = Task.Run(AcceptAsync);
        _expiring = Task.Run(() => _ttlMonitor.RunAsync(_stopping.Token));
    }

    public ServerOptions Options { get; }

    public Store Store { get; }

    public Authenticator Authenticator { get; }

    public CursorTable Cursors { get; } = new();

    public ServerCounters Counters { get; } = new();

    public ILogger Logger { get; }

    public IPEndPoint Endpoint { get; }

    public DateTimeOffset StartedAt { get; } = DateTimeOffset.UtcNow;

    public int OpenConnectionCount => _connections.Count;

    public int TotalConnectionCount => Volatile.Read(ref _lastConnectionId);

    /// <summary>Opens the data folder and starts to listen.</summary>
    /// <exception cref="StartupException">The folder or the port cannot be used.</exception>
    public static async Task<MongoServer> StartAsync(ServerOptions options, ILoggerFactory logs)
    {
        var store = await Store.OpenAsync(options, logs.CreateLogger("Embedded.MongoDB"));
        var listener = new Socket(options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(options.Address, options.Port));
            listener.Listen(Backlog);
        }
        catch (SocketException problem)
        {
            listener.Dispose();
            await store.DisposeAsync();
            throw new StartupException(
                $"{options.Address}:{options.Port} cannot be listened on ({problem.Message}): stop what uses it, or name another with --listen (port 0 takes any that is free)");
        }

        var server = new MongoServer(options, store, listener, logs);
        server.Logger.Started(options.DataFolder, server.Endpoint, SqliteConnection.LibraryVersion);
        return server;
    }

    /// <summary>Takes no more requests, lets those that run finish, writes everything down.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        var ended = Task.WhenAll(_connections.Values);
        await Task.WhenAny(ended, Task.Delay(DrainTime));
        foreach (var connection in _connections.Keys)
        {
            connection.Abort();                      // it waits for a client that does not read its reply
        }

        await ended;
        await _expiring;
        Cursors.KillAll();
        await Store.DisposeAsync();
        _stopping.Dispose();
        Logger.Stopped();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Serve(await _listener.AcceptAsync(_stopping.Token));
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException problem)
            {
                Logger.AcceptFailed(problem);        // too many open files, or a client that left at once: the next one may succeed
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    private void Serve(Socket socket)
    {
        if (_connections.Count >= MaxConnectionCount)
        {
            Logger.Refused(socket.RemoteEndPoint?.ToString() ?? "?", MaxConnectionCount);
            socket.Dispose();
            return;
        }

        socket.NoDelay = true;
        var id = Interlocked.Increment(ref _lastConnectionId);
        var connection = new Connection(this, socket, id);
        _connections[connection] = RunAsync();

        async Task RunAsync()
        {
            await Task.Yield();                      // so that the entry exists before it is removed
            try
            {
                await connection.RunAsync(_stopping.Token);
            }
            finally
            {
                _connections.TryRemove(connection, out _);
            }
        }
    }
}
