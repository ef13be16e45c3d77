using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Embedded.Tests.Kafka.Wire;

namespace Embedded.Tests.Kafka;

/// <summary>A client that sends exactly the bytes a test wants, well-formed or not, and decodes answers by their published layout.</summary>
internal sealed class KafkaSocket : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private const string ClientId = "test";

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private int _correlationId;

    public static async Task<KafkaSocket> ConnectAsync(int port)
    {
        var client = new KafkaSocket();
        await client._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return client;
    }

    /// <summary>One request, one answer.</summary>
    public async Task<Message> AskAsync(short key, short version, Message request)
    {
        await SendAsync(key, version, request);
        return await AnswerAsync(key, version);
    }

    /// <returns>The request's correlation id.</returns>
    public async Task<int> SendAsync(short key, short version, Message request)
    {
        await SendFrameAsync(Request(key, version, ++_correlationId, request));
        return _correlationId;
    }

    public async Task<Message> AnswerAsync(short key, short version)
    {
        var frame = await ReceiveFrameAsync() ?? throw new EndOfStreamException("The broker closed the connection.");
        var layout = MessageLayout.Of(key);
        var header = layout.IsFlexible(version) && key != 18 ? 5 : 4;
        return new LayoutCodec(layout, version).Decode(layout.Answer, frame.AsMemory(header));
    }

    /// <summary>A request without its length field.</summary>
    public static byte[] Request(short key, short version, int correlationId, Message request)
    {
        var layout = MessageLayout.Of(key);
        var header = new byte[10 + ClientId.Length + (layout.IsFlexible(version) ? 1 : 0)];
        BinaryPrimitives.WriteInt16BigEndian(header, key);
        BinaryPrimitives.WriteInt16BigEndian(header.AsSpan(2), version);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), correlationId);
        BinaryPrimitives.WriteInt16BigEndian(header.AsSpan(8), (short)ClientId.Length);
        Encoding.ASCII.GetBytes(ClientId, header.AsSpan(10));
        return [.. header, .. new LayoutCodec(layout, version).Encode(layout.Request, request)];
    }

    public Task SendFrameAsync(byte[] content) => SendRawAsync(Frame(content));

    /// <summary>A request behind its length field.</summary>
    public static byte[] Frame(byte[] content)
    {
        var frame = new byte[sizeof(int) + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, content.Length);
        content.CopyTo(frame, sizeof(int));
        return frame;
    }

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    /// <returns>Null: the broker has closed the connection.</returns>
    public async Task<byte[]?> ReceiveFrameAsync()
    {
        var length = new byte[sizeof(int)];
        if (!await ReceiveAsync(length))
        {
            return null;
        }

        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        return await ReceiveAsync(frame) ? frame : null;
    }

    /// <summary>Goes without a good-bye: what the broker sends from now on is refused.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> ReceiveAsync(Memory<byte> into)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (into.Length > 0)
            {
                var count = await _socket.ReceiveAsync(into, limit.Token);
                if (count == 0)
                {
                    return false;
                }

                into = into[count..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
