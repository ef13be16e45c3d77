using System.Net.Security;
using System.Net.Sockets;
using Embedded.MongoDB.Protocol.Wire;
using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>
/// One connection to one server: a request, its reply, the next request. After anything that leaves a reply half read or a request
/// half written (cancellation too) it is broken and must not be used again.
/// </summary>
internal sealed class WireConnection : IDisposable
{
    /// <summary>A connection keeps a buffer of this size for its next request; a larger one is given back.</summary>
    private const int KeptBytes = 4 * 1024 * 1024;

    private static int LastRequestId;

    private readonly MongoClientSettings _settings;
    private readonly Stream _stream;
    private readonly FrameReader _reader;
    private PooledBuffer _output = new();

    private WireConnection(MongoClientSettings settings, MongoServerAddress address, Stream stream)
    {
        (_settings, Address, _stream) = (settings, address, stream);
        _reader = new FrameReader(stream);
    }

    public MongoServerAddress Address { get; }

    /// <summary>What the server said when the connection was made.</summary>
    public ServerDescription Description { get; private set; } = null!;

    /// <summary>The pool's count of clearings when the connection was made; an older one is not used again.</summary>
    public int Generation { get; init; }

    public bool IsBroken { get; private set; }

    public long CreatedAtMs { get; } = Environment.TickCount64;

    public long UsedAtMs { get; private set; } = Environment.TickCount64;

    /// <summary>Connects, says hello, and proves who we are if <paramref name="credential"/> is given.</summary>
    /// <exception cref="MongoConnectionException">No connection, or the server is none that this driver can talk to.</exception>
    public static async Task<WireConnection> ConnectAsync(
        MongoServerAddress address, MongoClientSettings settings, MongoCredential? credential, int generation, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (settings.ConnectTimeout > TimeSpan.Zero)
            limit.CancelAfter(settings.ConnectTimeout);
        WireConnection? connection = null;
        try
        {
            var stream = await Transport.OpenAsync(address, settings, limit.Token).ConfigureAwait(false);
            connection = new WireConnection(settings, address, stream) { Generation = generation };
            await connection.HelloAsync(limit.Token).ConfigureAwait(false);
            if (credential is not null)
                await ScramSha256.AuthenticateAsync(connection, credential, limit.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new MongoConnectionException($"No connection to {address} within {settings.ConnectTimeout}.", new TimeoutException("connect timeout", e));
            if (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
                throw new MongoConnectionException($"An exception occurred while opening a connection to {address}: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Asks the server what it is.</summary>
    public async Task<ServerDescription> HelloAsync(CancellationToken cancellationToken)
    {
        var call = new CommandCall("admin", Description is null ? Handshake.First(_settings) : Handshake.Again());
        var reply = await ExchangeAsync(call, cancellationToken).ConfigureAwait(false);
        return Description = ServerDescription.From(reply);
    }

    /// <summary>Sends a command and reads its reply, which may be an error reply; null-like empty document where none is wanted.</summary>
    /// <exception cref="MongoConnectionException">The connection broke; what the server did is not known.</exception>
    public async Task<BsonDocument> ExchangeAsync(CommandCall call, CancellationToken cancellationToken)
    {
        _output.Clear();
        var requestId = Interlocked.Increment(ref LastRequestId);
        call.Write(_output, requestId);                     // throws before anything is sent: the connection stays good

        IsBroken = true;
        using var limit = _settings.SocketTimeout > TimeSpan.Zero ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken) : null;
        limit?.CancelAfter(_settings.SocketTimeout);
        try
        {
            var token = limit?.Token ?? cancellationToken;
            await _stream.WriteAsync(_output.WrittenMemory, token).ConfigureAwait(false);
            var reply = call.WantsNoReply ? [] : await ReadReplyAsync(requestId, token).ConfigureAwait(false);
            IsBroken = false;
            UsedAtMs = Environment.TickCount64;
            return reply;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MongoConnectionException($"{Address} did not reply to {call.Name} within {_settings.SocketTimeout}.", new TimeoutException("socket timeout", e));
        }
        catch (Exception e) when (e is IOException or SocketException or WireException or FormatException or ObjectDisposedException)
        {
            throw new MongoConnectionException($"An exception occurred while talking to {Address} ({call.Name}): {e.Message}", e);
        }
        finally
        {
            GiveBackLargeBuffer();
        }
    }

    /// <summary>Closes the socket; a reply that is waited for ends in an error.</summary>
    public void Dispose()
    {
        IsBroken = true;
        _stream.Dispose();
        _reader.Dispose();
        _output.Dispose();
    }

    private async Task<BsonDocument> ReadReplyAsync(int requestId, CancellationToken cancellationToken)
    {
        var frame = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (frame.IsEmpty)
            throw new MongoConnectionClosedException($"{Address} closed the connection.");
        var message = MessageHeader.Read(frame.Span) is { OpCode: OpCode.Message } header && header.ResponseTo == requestId
            ? OpMessage.Parse(frame)
            : throw new WireException($"the reply to request {requestId} was expected");
        return BsonObjectReader.ReadDocument(message.Body.Span);
    }

    private void GiveBackLargeBuffer()
    {
        if (_output.Capacity <= KeptBytes)
            return;
        _output.Dispose();
        _output = new PooledBuffer();
    }
}
