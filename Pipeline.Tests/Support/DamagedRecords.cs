using System.Buffers.Binary;
using System.Net.Sockets;
using System.Numerics;
using System.Text;
using Confluent.Kafka;

namespace Pipeline.Tests.Support;

/// <summary>Sends what no client would: a record batch with a right checksum whose compressed bytes are none. A broker does not open them.</summary>
internal static class DamagedRecords
{
    private const short Gzip = 1;
    private const int HeaderBytes = 61;

    public static async Task SendAsync(string address, TopicPartition partition, int recordCount)
    {
        var (host, port) = (address.Split(':')[0], int.Parse(address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        using var client = new TcpClient();
        await client.ConnectAsync(host, port);
        var request = Request(partition, Batch(recordCount));
        await client.GetStream().WriteAsync((byte[])[.. Int32(request.Length), .. request]);
        var length = new byte[4];
        await client.GetStream().ReadExactlyAsync(length);
        await client.GetStream().ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(length)]);
    }

    /// <summary>Produce, version 3.</summary>
    private static byte[] Request(TopicPartition partition, byte[] batch) =>
    [
        .. Int16(0), .. Int16(3), .. Int32(1), .. Text("tests"), .. Int16(-1), .. Int16(-1), .. Int32(5_000),
        .. Int32(1), .. Text(partition.Topic), .. Int32(1), .. Int32(partition.Partition.Value), .. Int32(batch.Length), .. batch,
    ];

    private static byte[] Batch(int recordCount)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        byte[] records = "not for anybody to open"u8.ToArray();
        byte[] checksummed =
            [.. Int16(Gzip), .. Int32(recordCount - 1), .. Int64(now), .. Int64(now), .. Int64(-1), .. Int16(-1), .. Int32(-1), .. Int32(recordCount),
                .. records];
        return [.. Int64(0), .. Int32(HeaderBytes + records.Length - 12), .. Int32(0), 2, .. Int32((int)Crc32C(checksummed)), .. checksummed];
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }
        return ~crc;
    }

    private static byte[] Text(string text) => [.. Int16((short)text.Length), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Int16(short value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Int32(int value) => [.. Int16((short)(value >> 16)), .. Int16((short)value)];

    private static byte[] Int64(long value) => [.. Int32((int)(value >> 32)), .. Int32((int)value)];
}
