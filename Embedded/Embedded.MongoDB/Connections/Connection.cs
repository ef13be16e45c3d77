using System.Net.Sockets;
using Embedded.MongoDB.Bson;
using Embedded.MongoDB.Security;
using Embedded.MongoDB.Wire;

namespace Embedded.MongoDB.Connections;

/// <summary>
/// One client's connection: requests are answered one at a time, in the order they come. A malformed message closes this
/// connection and no other.
/// </summary>
internal sealed class Connection(MongoServer server, Socket socket, int id)
{
    /// <summary>A connection that has sent nothing yet is worth this much patience.</summary>
    private static readonly TimeSpan FirstMessageTime = TimeSpan.FromSeconds(30);

    /// <summary>A reply buffer that has grown beyond this goes back to the pool.</summary>
    private const int KeptReplyBytes = 1024 * 1024;

    private readonly Client _client = new(id, socket.RemoteEndPoint?.ToString() ?? "?");
    private int _lastRequestId;

    /// <summary>Cuts the connection; <see cref="RunAsync"/> ends as soon as its command does.</summary>
    public void Abort() => socket.Dispose();

    /// <summary>Serves the client until it leaves or breaks the protocol.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        using var frames = new FrameReader(stream);
        var reply = new PooledBuffer();
        try
        {
            var message = await ReadFirstAsync(frames, stoppingToken);
            while (!message.IsEmpty)
            {
                if (!await AnswerAsync(message, reply, stoppingToken))
                {
                    return;
                }

                if (reply.Count > 0)
                {
                    await stream.WriteAsync(reply.WrittenMemory, CancellationToken.None);
                }

                if (_client.Login.IsExhausted)
                {
                    return;
                }

                server.Counters.AddRequest(message.Length, reply.Count);
                ServerMetrics.Exchanged(message.Length, reply.Count);
                if (reply.Capacity > KeptReplyBytes)
                {
                    reply.Dispose();
                    reply = new();
                }

                message = await frames.ReadAsync(stoppingToken);
            }
        }
        catch (WireException problem)
        {
            server.Logger.Malformed(id, _client.Remote, problem.Message);
        }
        catch (Exception problem) when (problem is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has gone, was too slow to begin, or the server stops.
        }
        finally
        {
            reply.Dispose();
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadFirstAsync(FrameReader frames, CancellationToken stoppingToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        patience.CancelAfter(FirstMessageTime);
        return await frames.ReadAsync(patience.Token);
    }

    /// <summary>Makes the reply to one message; false: the connection cannot go on.</summary>
    private async ValueTask<bool> AnswerAsync(ReadOnlyMemory<byte> message, PooledBuffer reply, CancellationToken stoppingToken)
    {
        reply.Clear();
        var header = MessageHeader.Read(message.Span);
        switch (header.OpCode)
        {
            case OpCode.Message:
                await AnswerMessageAsync(OpMessage.Parse(message), reply, stoppingToken);
                return true;
            case OpCode.Query:
                await AnswerQueryAsync(OpQuery.Parse(message), reply, stoppingToken);
                return true;
            default:
                server.Logger.Malformed(id, _client.Remote, $"operation {(int)header.OpCode} is not spoken here");
                return false;
        }
    }

    private async ValueTask AnswerMessageAsync(OpMessage message, PooledBuffer reply, CancellationToken stoppingToken)
    {
        var start = OpMessage.Begin(reply, ++_lastRequestId, message.Header.RequestId);
        var call = new CommandCall(server, _client, message.Body, message.Sequences, new BsonWriter(reply), stoppingToken);
        await CommandTable.RunAsync(call);
        if (message.Flags.HasFlag(OpMessageFlags.MoreToCome))
        {
            reply.Clear();                                  // the client does not want to know, not even of an error
        }
        else
        {
            OpMessage.End(reply, start);
        }
    }

    private async ValueTask AnswerQueryAsync(OpQuery query, PooledBuffer reply, CancellationToken stoppingToken)
    {
        var start = OpReply.Begin(reply, ++_lastRequestId, query.Header.RequestId);
        await CommandTable.RunAsync(CommandCall.FromQuery(server, _client, query, new BsonWriter(reply), stoppingToken));
        OpMessage.End(reply, start);
    }
}
