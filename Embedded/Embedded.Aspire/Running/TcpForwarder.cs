using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Embedded.Aspire.Running;

/// <summary>
/// One port that leads to several processes in turn. Listens before they do: connections made meanwhile wait a while for the
/// first process to answer. Forwards bytes and knows nothing of what they mean.
/// </summary>
internal sealed class TcpForwarder : IAsyncDisposable
{
    private const int MaxConnections = 4096;
    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<int> _targets;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _end = new();
    private readonly List<TcpListener> _listeners = [];
    private readonly List<Task> _accepting;
    private readonly ConcurrentDictionary<Task, bool> _connections = [];
    private readonly SemaphoreSlim _slots = new(MaxConnections);
    private int _next = -1;

    public TcpForwarder(int port, IReadOnlyList<int> targets, ILogger log)
    {
        _targets = targets;
        _log = log;
        Port = port;
        Listen(IPAddress.Loopback);
        // "localhost" may resolve to ::1 first.
        if (Socket.OSSupportsIPv6) Listen(IPAddress.IPv6Loopback);
        _accepting = [.. _listeners.Select(AcceptAsync)];
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var listener in _listeners) listener.Dispose();
        await Task.WhenAll(_accepting);
        await Task.WhenAll(_connections.Keys);
        _end.Dispose();
        _slots.Dispose();
    }

    private void Listen(IPAddress address)
    {
        var listener = new TcpListener(address, Port);
        try
        {
            listener.Start();
            _listeners.Add(listener);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            listener.Dispose();                         // a machine without IPv6
        }
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                await _slots.WaitAsync(_end.Token);
                var client = await listener.AcceptSocketAsync(_end.Token);
                _connections.TryAdd(ForwardAsync(client), true);
                foreach (var ended in _connections.Keys.Where(c => c.IsCompleted)) _connections.TryRemove(ended, out _);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException && _end.IsCancellationRequested)
        {
            // The end of the run.
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using var near = client;
        try
        {
            using var far = await ConnectAsync();
            if (far is null) { _log.NotForwarded(null, Port); return; }
            near.NoDelay = far.NoDelay = true;
            await Task.WhenAll(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            _log.NotForwarded(e, Port);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<Socket?> ConnectAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            for (var i = 0; i < _targets.Count; i++)
            {
                var target = _targets[(int)((uint)Interlocked.Increment(ref _next) % (uint)_targets.Count)];
                if (await TryConnectAsync(target) is { } socket) return socket;
            }
            if (Stopwatch.GetElapsedTime(started) > ConnectDeadline) return null;
            await Task.Delay(RetryDelay, _end.Token);
        }
    }

    private async Task<Socket?> TryConnectAsync(int port)
    {
        foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), _end.Token);
                return socket;
            }
            catch (Exception e)
            {
                socket.Dispose();
                if (e is not SocketException) throw;
            }
        }
        return null;
    }

    // One direction; its end is passed on, so half-closed connections work.
    private async Task PumpAsync(Socket from, Socket to)
    {
        using var source = new NetworkStream(from, ownsSocket: false);
        using var sink = new NetworkStream(to, ownsSocket: false);
        try
        {
            await source.CopyToAsync(sink, _end.Token);
            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            from.Dispose();
            to.Dispose();
            throw;
        }
    }
}
