using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

/// <summary>The network between clients and a server, which can be told to misbehave: to cut what is open, to stand still, to swallow.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<TcpClient, byte> _open = [];
    private readonly TcpListener _listener;
    private readonly IPEndPoint _server;
    private readonly Task _accepting;
    private volatile TaskCompletionSource? _standing;
    private volatile bool _swallows;

    public Relay(IPEndPoint listen, IPEndPoint server)
    {
        (_server, _listener) = (server, new TcpListener(listen));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Cuts every open connection, wherever in a frame it is.</summary>
    public void Cut()
    {
        foreach (var connection in _open.Keys)
        {
            connection.Close();
        }
    }

    /// <summary>Passes nothing on for a while, then everything.</summary>
    public async Task StandStillAsync(TimeSpan duration)
    {
        var standing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _standing = standing;
        await Task.Delay(duration);
        _standing = null;
        standing.SetResult();
    }

    /// <summary>Takes everything and passes nothing on for a while, then cuts.</summary>
    public async Task SwallowAsync(TimeSpan duration)
    {
        _swallows = true;
        await Task.Delay(duration);
        Cut();
        _swallows = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ConnectAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
            }
        }
        catch (OperationCanceledException) { }
        await Task.WhenAll(connections);
    }

    private async Task ConnectAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            _open[client] = _open[server] = 0;
            try
            {
                await server.ConnectAsync(_server, _ending.Token);
                await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
            }
            catch (Exception broken) when (broken is SocketException or OperationCanceledException or ObjectDisposedException) { }
            _open.TryRemove(client, out _);
            _open.TryRemove(server, out _);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            var (source, target) = (from.GetStream(), to.GetStream());
            while (await source.ReadAsync(buffer, _ending.Token) is var count and > 0)
            {
                await (_standing?.Task ?? Task.CompletedTask).WaitAsync(_ending.Token);
                if (!_swallows)
                {
                    await target.WriteAsync(buffer.AsMemory(0, count), _ending.Token);
                }
            }
        }
        catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException) { }
    }
}
