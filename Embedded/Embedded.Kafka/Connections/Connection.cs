using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Embedded.Kafka.Apis;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Connections;

/// <summary>
/// One client: receive, handle, answer, in that order, on one loop. Requests are handled one after another, as in Kafka,
/// and answers leave in the same order; the answers to several pipelined requests leave in one send.
/// </summary>
/// <remarks>
/// While a handler waits (a long-polling Fetch, a join), the loop already receives what comes next, so that it notices
/// at once when the client hangs up, and then cancels the call. Only the receive is ahead: the next request is not begun.
/// </remarks>
internal sealed class Connection : IDisposable
{
    /// <summary>Answers up to this size are gathered; larger ones are sent as they are, without another copy.</summary>
    private const int GatherBytes = 64 << 10;

    private const int GrowBytes = 256 << 10;

    /// <summary>One send; a large answer leaves in several, each with its own time limit.</summary>
    private const int SendBytes = 1 << 20;

    /// <summary>A client that takes nothing of its answer for this long is given up.</summary>
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(60);

    private readonly Broker _broker;
    private readonly Socket _socket;
    private readonly string _host;
    private readonly ReceiveBuffer _received = new();
    private readonly CancellationTokenSource _closed;
    private readonly Call _call;
    private WireWriter _ready = new();
    private Task<int>? _receiving;
    private long _lastActiveMs = Environment.TickCount64;
    private volatile bool _busy;

    public Connection(Broker broker, Socket socket, CancellationToken stoppingToken)
    {
        _broker = broker;
        _socket = socket;
        _host = "/" + ((socket.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "unknown");
        _closed = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        _call = new Call { Broker = broker, ClientHost = _host, CancellationToken = _closed.Token };
    }

    /// <summary>How long nothing has happened; a waiting request counts as something.</summary>
    public TimeSpan Idle => _busy ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _lastActiveMs));

    /// <summary>Cuts the connection; <see cref="RunAsync"/> ends soon after.</summary>
    public void Abort() => _socket.Dispose();

    /// <summary>Serves the client until it leaves or breaks the protocol. Throws nothing.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await ReceiveFrameAsync())
            {
                _busy = true;
                var keep = await HandleFrameAsync();
                _busy = false;
                if (!keep)
                {
                    break;
                }
            }

            await SendReadyAsync();
        }
        catch (ProtocolException e)
        {
            _broker.Log.RequestRefused(_host, new(_call.ClientId), e.Message);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _broker.Log.ConnectionBroken(_host, e.Message);
        }
        finally
        {
            _socket.Dispose();
            if (_receiving is not null)
            {
                await _receiving.ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _closed.Dispose();
        _received.Dispose();
        _ready.Dispose();
        _call.Reply.Dispose();
    }

    /// <summary>Until a whole frame is here. False: the client closed its side.</summary>
    private async ValueTask<bool> ReceiveFrameAsync()
    {
        while (true)
        {
            var frameBytes = FrameBytes();
            if (_received.Unread.Length >= frameBytes)
            {
                return true;
            }

            await SendReadyAsync();                                          // nobody waits for an answer while we wait for a request
            // Room grows with what has arrived: a length alone, from many connections, must not take the memory.
            if (_receiving is null)
            {
                _received.MakeRoom(Math.Min(frameBytes, Math.Max(GrowBytes, 2 * _received.Unread.Length)));
            }

            var count = await (TakeReceiving() ?? _socket.ReceiveAsync(_received.Free, SocketFlags.None));
            if (count == 0)
            {
                return false;
            }

            _received.Received(count);
            Volatile.Write(ref _lastActiveMs, Environment.TickCount64);
        }
    }

    /// <summary>Bytes of the next frame with its length field, as far as is known.</summary>
    private int FrameBytes()
    {
        if (_received.Unread.Length < sizeof(int))
        {
            return sizeof(int);
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(_received.Unread.Span);
        return length >= RequestHeader.MinBytes && length <= _broker.Options.MaxRequestBytes
            ? sizeof(int) + length
            : throw new ProtocolException($"A frame of {length} bytes (limit {_broker.Options.MaxRequestBytes}, socket.request.max.bytes).");
    }

    /// <returns>False: the connection is to be closed.</returns>
    private async ValueTask<bool> HandleFrameAsync()
    {
        var began = BrokerMetrics.Now();
        var frameBytes = FrameBytes();
        var (api, correlationId) = Begin(_received.Unread[sizeof(int)..frameBytes]);
        if (api is not null)
        {
            try
            {
                var handling = api.HandleAsync(_call);
                if (!handling.IsCompletedSuccessfully)
                {
                    await WaitAsync(handling.AsTask());
                }
            }
            catch (Exception e) when (e is not (ProtocolException or OperationCanceledException or SocketException))
            {
                _broker.Log.HandlerFailed(e, api.Name, _call.Version, _host, correlationId);
                return false;
            }
        }

        _received.Consume(frameBytes);
        if (api is not null)
        {
            BrokerMetrics.Answered(api.Name, began, frameBytes, _call.NoReply ? 0 : _call.Reply.Length);
        }

        if (!_call.NoReply)
        {
            await FinishReplyAsync();
        }

        return !_call.CloseConnection;
    }

    /// <summary>Reads the header, writes the answer's, and finds who is to answer.</summary>
    /// <returns>No API: the answer is complete already.</returns>
    private (Api? Api, int CorrelationId) Begin(Memory<byte> frame)
    {
        var reader = new WireReader(frame.Span, flexible: false);
        var header = RequestHeader.Read(ref reader);
        var reply = _call.Reply;
        reply.Clear();
        reply.WriteInt32(0);                                                 // the frame's length, known when it is finished
        reply.WriteInt32(header.CorrelationId);

        var api = ApiTable.Find(header.ApiKey);
        if (header.ApiKey == ApiVersions.Key && !api!.Supports(header.ApiVersion))
        {
            _call.Begin(header.ApiKey, version: 0, flexible: false, clientId: "", body: default);
            ApiVersions.WriteUnsupported(reply);
            return (null, header.CorrelationId);
        }

        if (api is null || !api.Supports(header.ApiVersion))
        {
            throw new ProtocolException($"API {header.ApiKey} v{header.ApiVersion} is not supported.");
        }

        var flexible = api.IsFlexible(header.ApiVersion);
        var clientId = reader.ReadHeaderString() ?? "";
        var body = new WireReader(frame.Span[reader.Position..], flexible);
        body.SkipTags();
        _call.Begin(header.ApiKey, header.ApiVersion, flexible, clientId, frame[(reader.Position + body.Position)..]);
        if (api.Key != ApiVersions.Key)
        {
            reply.WriteTags();                   // clients read this one's header before they know our versions
        }

        return (api, header.CorrelationId);
    }

    /// <summary>Waits for a handler, also when the client has gone: it uses this connection's buffers, and the logs, until it ends.</summary>
    private async ValueTask WaitAsync(Task handling)
    {
        try
        {
            await SendReadyAsync();
            await WatchAsync(handling);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            await _closed.CancelAsync();
            await handling;
            throw new OperationCanceledException(e.Message, e);
        }

        await handling;
    }

    /// <summary>Until the handler ends. It is cancelled as soon as the client hangs up.</summary>
    private async ValueTask WatchAsync(Task handling)
    {
        while (!handling.IsCompleted)
        {
            if (_receiving is null && _received.Free.Length == 0)
            {
                break;     // it has read ahead enough
            }

            _receiving ??= _socket.ReceiveAsync(_received.Free, SocketFlags.None).AsTask();
            await Task.WhenAny(handling, _receiving);
            if (!_receiving.IsCompleted)
            {
                break;
            }

            if (!_receiving.IsCompletedSuccessfully || _receiving.Result == 0)
            {
                await _closed.CancelAsync();
                break;
            }

            _received.Received(_receiving.Result);
            _receiving = null;
        }
    }

    private ValueTask<int>? TakeReceiving()
    {
        if (_receiving is null)
        {
            return null;
        }

        var receiving = new ValueTask<int>(_receiving);
        _receiving = null;
        return receiving;
    }

    private async ValueTask FinishReplyAsync()
    {
        var reply = _call.Reply;
        BinaryPrimitives.WriteInt32BigEndian(reply.From(0), reply.Length - sizeof(int));
        if (reply.Length > GatherBytes)
        {
            await SendReadyAsync();
            await SendAsync(reply.Written);
        }
        else if (_ready.Length == 0)
        {
            (_ready, _call.Reply) = (reply, _ready);
        }
        else
        {
            _ready.WriteRaw(reply.WrittenSpan);
            if (_ready.Length > GatherBytes)
            {
                await SendReadyAsync();
            }
        }
    }

    private async ValueTask SendReadyAsync()
    {
        if (_ready.Length == 0)
        {
            return;
        }

        await SendAsync(_ready.Written);
        _ready.Clear();
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var sending = _socket.SendAsync(bytes[..Math.Min(bytes.Length, SendBytes)], SocketFlags.None);
            bytes = bytes[(sending.IsCompleted ? await sending : await InTimeAsync(sending.AsTask()))..];
        }
    }

    /// <summary>A reader that never reads must not hold its answer in memory for ever.</summary>
    private static async Task<int> InTimeAsync(Task<int> sending)
    {
        try
        {
            return await sending.WaitAsync(SendTimeout);
        }
        catch (TimeoutException)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }
}
