using System.Net.Sockets;
using Embedded.MongoDB.Values;
using Embedded.MongoDB.Wire;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Embedded.Tests.MongoDB.Support;

/// <summary>A connection that sends exactly the bytes it is given: what a driver would never send, too.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly NetworkStream _stream;
    private readonly FrameReader _frames;
    private int _lastRequestId;

    private RawConnection(NetworkStream stream) => (_stream, _frames) = (stream, new FrameReader(stream));

    public static async Task<RawConnection> OpenAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        return new(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Runs a command in the notation of the shell and returns its reply, whatever it says.</summary>
    public Task<BsonDocument> RunAsync(string command, string database = "test") => RunAsync(Shell.Bson(command), database);

    /// <param name="command">A document without <c>$db</c>.</param>
    /// <param name="database">The database.</param>
    /// <param name="sequences">Documents beside the body, by their names.</param>
    public async Task<BsonDocument> RunAsync(byte[] command, string database = "test", params (string Name, byte[][] Documents)[] sequences)
    {
        await SendAsync(Message(command, database, sequences));
        return await ReadReplyAsync() ?? throw new IOException("the server closed the connection");
    }

    /// <summary>Runs a command that must succeed.</summary>
    public async Task<BsonDocument> SucceedAsync(string command, string database = "test")
    {
        var reply = await RunAsync(command, database);
        Assert.True(reply["ok"] == 1, reply.ToString());
        return reply;
    }

    /// <summary>All documents of a find or an aggregate, through every getMore.</summary>
    public async Task<List<BsonDocument>> ReadAllAsync(string command, string collection, string database = "test")
    {
        var cursor = (await SucceedAsync(command, database))["cursor"].AsBsonDocument;
        var documents = cursor["firstBatch"].AsBsonArray.Select(static value => value.AsBsonDocument).ToList();
        while (cursor["id"].AsInt64 is var id and not 0)
        {
            cursor = (await SucceedAsync($"{{getMore: NumberLong({id}), collection: '{collection}'}}", database))["cursor"].AsBsonDocument;
            documents.AddRange(cursor["nextBatch"].AsBsonArray.Select(static value => value.AsBsonDocument));
        }

        return documents;
    }

    public byte[] Message(byte[] command, string database, params (string Name, byte[][] Documents)[] sequences)
    {
        using var buffer = new PooledBuffer();
        var start = OpMessage.Begin(buffer, ++_lastRequestId, 0);
        var body = new BsonBuffer();
        var document = body.BeginDocument();
        for (var elements = new Elements(command); elements.MoveNext();)
        {
            body.Write(elements.Element);
        }

        body.WriteString("$db"u8, database);
        body.EndDocument(document);
        buffer.Write(body.Written);
        foreach (var (name, documents) in sequences)
        {
            var sequence = OpMessage.BeginSequence(buffer, name);
            foreach (var one in documents)
            {
                buffer.Write(one);
            }

            OpMessage.EndSequence(buffer, sequence);
        }

        OpMessage.End(buffer, start);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Something has come that nobody has read.</summary>
    public bool HasUnread => _stream.DataAvailable;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes);

    /// <summary>The next reply; null when the server has closed the connection.</summary>
    public async Task<BsonDocument?> ReadReplyAsync()
    {
        try
        {
            var frame = await _frames.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            if (frame.IsEmpty)
            {
                return null;
            }

            var body = MessageHeader.Read(frame.Span).OpCode == OpCode.Reply ? OpReply.ParseBody(frame) : OpMessage.Parse(frame).Body;
            return BsonSerializer.Deserialize<BsonDocument>(body.ToArray());
        }
        catch (IOException)
        {
            return null;                                     // a reset is a close, too
        }
    }

    /// <summary>No further bytes will be sent.</summary>
    public void FinishSending() => _stream.Socket.Shutdown(SocketShutdown.Send);

    public async ValueTask DisposeAsync()
    {
        _frames.Dispose();
        await _stream.DisposeAsync();
    }
}
