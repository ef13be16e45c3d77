using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Embedded.Kafka.Connections;

/// <summary>Accepts clients on one or more addresses with the same port, and keeps the list of those connected.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan IdleCheckInterval = TimeSpan.FromSeconds(10);

    private readonly BrokerOptions _options;
    private readonly List<Socket> _sockets;
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];

    private Listener(BrokerOptions options, List<Socket> sockets)
    {
        _options = options;
        _sockets = sockets;
        Port = ((IPEndPoint)sockets[0].LocalEndPoint!).Port;
    }

    /// <summary>Only programs on this machine can connect.</summary>
    public bool IsLoopbackOnly => _sockets.TrueForAll(socket => IPAddress.IsLoopback(((IPEndPoint)socket.LocalEndPoint!).Address));

    /// <summary>Known also when the sockets are closed: requests under way at a stop are still told where to come back to.</summary>
    public int Port { get; }

    /// <summary>Binds without accepting yet: a taken port shows before recovery begins, clients come in after it.</summary>
    /// <exception cref="SocketException">The first address cannot be bound.</exception>
    public static Listener Bind(BrokerOptions options)
    {
        var sockets = new List<Socket>();
        try
        {
            foreach (var address in Addresses(options.ListenHost))
            {
                try
                {
                    sockets.Add(BindOne(address, sockets.Count == 0 ? options.ListenPort : ((IPEndPoint)sockets[0].LocalEndPoint!).Port));
                }
                catch (SocketException) when (sockets.Count > 0)
                {
                    // The second loopback address is a convenience for clients that resolve localhost to ::1 first.
                }
            }

            return new Listener(options, sockets);
        }
        catch
        {
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }
    }

    public void Start(Broker broker)
    {
        foreach (var socket in _sockets)
        {
            socket.Listen(Backlog);
            _loops.Add(AcceptAsync(broker, socket));
        }

        _loops.Add(CloseIdleAsync());
    }

    /// <summary>Stops accepting, lets requests under way finish, then cuts what is left.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        _sockets.ForEach(socket => socket.Dispose());
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops);
        var connections = _connections.ToArray();
        foreach (var (connection, _) in connections.Where(open => open.Key.Idle > TimeSpan.Zero))
        {
            connection.Abort();
        }

        var ended = Task.WhenAll(connections.Select(open => open.Value));
        await Task.WhenAny(ended, Task.Delay(patience));
        foreach (var (connection, _) in connections)
        {
            connection.Abort();
        }

        await ended;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _sockets.ForEach(socket => socket.Dispose());
        _stopping.Dispose();
    }

    private static IPAddress[] Addresses(string host)
    {
        if (host == "localhost")
        {
            return [IPAddress.Loopback, IPAddress.IPv6Loopback];
        }

        var addresses = IPAddress.TryParse(host, out var address) ? [address] : Dns.GetHostAddresses(host);
        return addresses is [var only] && only.Equals(IPAddress.Loopback) ? [only, IPAddress.IPv6Loopback] : addresses;
    }

    private static Socket BindOne(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            // No ReuseAddress: .NET lets a restart bind at once anyway, and on Linux the option would let two brokers share the port.
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Broker broker, Socket listening)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Serve(broker, await listening.AcceptAsync(_stopping.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException || _stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e)
            {
                broker.Log.ConnectionBroken("listener", e.Message);         // the client gave up before it was accepted
            }
        }
    }

    private void Serve(Broker broker, Socket socket)
    {
        if (_connections.Count >= _options.MaxConnections)
        {
            broker.Log.TooManyConnections(_connections.Count);
            socket.Dispose();
            return;
        }

        socket.NoDelay = true;
        var connection = new Connection(broker, socket, _stopping.Token);
        var begin = new TaskCompletionSource();
        var serving = RunAsync(connection, begin.Task);
        _connections[connection] = serving;
        begin.SetResult();
    }

    /// <param name="listed">Completes when the connection is in the list, so that removal comes after.</param>
    private async Task RunAsync(Connection connection, Task listed)
    {
        await listed;
        await Task.Yield();
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            connection.Dispose();
        }
    }

    private async Task CloseIdleAsync()
    {
        if (_options.MaxIdleMs == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(IdleCheckInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                foreach (var (connection, _) in _connections)
                {
                    if (connection.Idle.TotalMilliseconds > _options.MaxIdleMs)
                    {
                        connection.Abort();
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }
}
