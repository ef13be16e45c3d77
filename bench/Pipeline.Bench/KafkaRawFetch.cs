using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

/// <summary>Reads a topic with Fetch v4 over a bare socket, looking at nothing but offsets: what the broker gives when the client costs nothing.</summary>
internal static class KafkaRawFetch
{
    private const int FetchKey = 1, Version = 4;
    private const int MaxBytes = 8 << 20;
    private const int LastOffsetDeltaAt = 23, BatchHeaderBytes = 12;

    public static void ReadAll(string address, string topic, int partitions, int count)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPEndPoint.Parse(address));
        var buffer = new byte[MaxBytes + (1 << 20)];
        long read = 0;
        for (var partition = 0; partition < partitions; partition++)
        {
            long offset = 0, end = long.MaxValue;
            while (offset < end)
            {
                socket.Send(Request(topic, partition, offset));
                ReceiveExactly(socket, buffer.AsSpan(0, 4));
                var answer = buffer.AsSpan(0, BinaryPrimitives.ReadInt32BigEndian(buffer));
                ReceiveExactly(socket, answer);
                (offset, end) = Next(answer[(4 + 4 + 4 + 2 + Encoding.UTF8.GetByteCount(topic) + 4)..], offset);
            }
            read += end;
        }
        if (read != count)
        {
            throw new InvalidOperationException($"{read} records of {count} read.");
        }
    }

    private static byte[] Request(string topic, int partition, long offset)
    {
        using var bytes = new MemoryStream();
        void Int(long value, int size)
        {
            for (var shift = (size - 1) * 8; shift >= 0; shift -= 8)
            {
                bytes.WriteByte((byte)(value >> shift));
            }
        }
        void Text(string text)
        {
            Int(text.Length, 2);
            bytes.Write(Encoding.UTF8.GetBytes(text));
        }
        Int(0, 4);                                           // frame length, below
        Int(FetchKey, 2);
        Int(Version, 2);
        Int(0, 4);                                           // correlation id
        Text("bench");
        Int(-1, 4);                                          // replica id
        Int(100, 4);                                         // max wait, ms
        Int(1, 4);                                           // min bytes
        Int(MaxBytes, 4);
        Int(0, 1);                                           // isolation
        Int(1, 4);
        Text(topic);
        Int(1, 4);
        Int(partition, 4);
        Int(offset, 8);
        Int(MaxBytes, 4);
        var frame = bytes.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        return frame;
    }

    /// <param name="partition">From the partition's index on: index, error, high watermark, last stable offset, aborted transactions, records.</param>
    private static (long Offset, long End) Next(ReadOnlySpan<byte> partition, long offset)
    {
        var error = BinaryPrimitives.ReadInt16BigEndian(partition[4..]);
        if (error != 0)
        {
            throw new InvalidOperationException($"Fetch answers error {error}.");
        }

        var end = BinaryPrimitives.ReadInt64BigEndian(partition[6..]);
        var records = partition[(4 + 2 + 8 + 8 + 4 + 4)..];
        while (records.Length > 0)
        {
            offset = BinaryPrimitives.ReadInt64BigEndian(records) + BinaryPrimitives.ReadInt32BigEndian(records[LastOffsetDeltaAt..]) + 1;
            records = records[(BatchHeaderBytes + BinaryPrimitives.ReadInt32BigEndian(records[8..]))..];
        }
        return (offset, end);
    }

    private static void ReceiveExactly(Socket socket, Span<byte> into)
    {
        while (into.Length > 0)
        {
            var count = socket.Receive(into);
            if (count == 0)
            {
                throw new InvalidOperationException("The broker closed the connection.");
            }

            into = into[count..];
        }
    }
}
