using System.Net;
using System.Net.Sockets;

namespace Embedded.Tests.Support;

/// <summary>
/// A relay between a client and a server that breaks each connection now and then, after it has passed requests on and before
/// the answers are back: the client cannot know whether they were carried out.
/// </summary>
internal sealed class FlakyRelay : IAsyncDisposable
{
    /// <summary>At the end of a connection requests still reach the server for this long, and their answers go nowhere.</summary>
    private static readonly TimeSpan RequestsOnly = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener;
    private readonly IPEndPoint _server;
    private readonly TimeSpan _lifetime;
    private readonly Task _accepting;
    private int _broken;

    private FlakyRelay(IPEndPoint listen, IPEndPoint server, TimeSpan lifetime)
    {
        (_server, _lifetime, _listener) = (server, lifetime, new TcpListener(listen));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Connections broken so far.</summary>
    public int Broken => Volatile.Read(ref _broken);

    /// <param name="lifetime">How long a connection works before its answers are withheld and it is cut.</param>
    public static FlakyRelay Start(IPEndPoint listen, IPEndPoint server, TimeSpan lifetime) => new(listen, server, lifetime);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException) { }
        await Task.WhenAll(connections);
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var _ = client;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(_server, _stop.Token);
            using var answersEnd = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            using var requestsEnd = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            answersEnd.CancelAfter(_lifetime);
            requestsEnd.CancelAfter(_lifetime + RequestsOnly);
            var answers = CopyAsync(server, client, answersEnd.Token);
            await CopyAsync(client, server, requestsEnd.Token);
            await answersEnd.CancelAsync();
            await answers;
            Interlocked.Increment(ref _broken);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException) { }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, CancellationToken stop)
    {
        try { await from.GetStream().CopyToAsync(to.GetStream(), stop); }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException) { }
    }
}
