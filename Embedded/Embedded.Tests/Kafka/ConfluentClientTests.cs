using System.Collections.Concurrent;
using System.Security.Cryptography;
using Confluent.Kafka;
using Xunit;

namespace Embedded.Tests.Kafka;

/// <summary>The client library that the services use, against a broker on this machine.</summary>
[Trait("Speed", "slow")]
public sealed class ConfluentClientTests
{
    private const int MessageBytes = 3072;

    [Fact]
    public async Task Everything_an_idempotent_producer_was_told_is_stored_comes_back_byte_for_byte()
    {
        await using var running = await RunningBroker.StartAsync(options => options with { DefaultPartitions = 4 });
        const int Count = 20_000;
        var stored = new ConcurrentDictionary<(int Partition, long Offset), byte[]>();       // reports come on the library's own thread
        var problems = new ConcurrentQueue<string>();

        using (var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = running.Bootstrap,
            EnableIdempotence = true,
            Acks = Acks.All,
        }).Build())
        {
            for (var i = 0; i < Count; i++)
            {
                var value = RandomNumberGenerator.GetBytes(MessageBytes);
                producer.Produce("c1", new Message<Null, byte[]> { Value = value }, report => Delivered(report, value));
            }

            producer.Flush(TimeSpan.FromSeconds(30));
        }

        Assert.Empty(problems);
        Assert.Equal(Count, stored.Count);
        var read = Consume(running.Bootstrap, "c1", partitions: 4, Count);
        Assert.Equal(Count, read.Count);
        Assert.All(stored, entry => Assert.Equal(SHA256.HashData(entry.Value), SHA256.HashData(read[entry.Key])));

        void Delivered(DeliveryReport<Null, byte[]> report, byte[] value)
        {
            if (report.Error.IsError || report.Status != PersistenceStatus.Persisted)
            {
                problems.Enqueue($"{report.Error}");
            }
            else if (!stored.TryAdd((report.Partition.Value, report.Offset.Value), value))
            {
                problems.Enqueue($"offset {report.Offset} twice");
            }
        }
    }

    [Theory]
    [InlineData(CompressionType.None), InlineData(CompressionType.Gzip), InlineData(CompressionType.Snappy), InlineData(CompressionType.Lz4),
        InlineData(CompressionType.Zstd)]
    public async Task Every_codec_of_the_library_comes_back_as_it_went(CompressionType codec)
    {
        await using var running = await RunningBroker.StartAsync();
        const int Count = 500;
        byte[] Value(int i) => [.. BitConverter.GetBytes(i), .. new byte[MessageBytes]];
        using (var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = running.Bootstrap,
            CompressionType = codec,
            LingerMs = 20,
        }).Build())
        {
            for (var i = 0; i < Count; i++)
            {
                producer.Produce("codec", new Message<Null, byte[]> { Value = Value(i) });
            }

            producer.Flush(TimeSpan.FromSeconds(30));
        }

        var read = Consume(running.Bootstrap, "codec", partitions: 1, Count);

        Assert.Equal(Enumerable.Range(0, Count).Select(Value), read.OrderBy(entry => entry.Key.Offset).Select(entry => entry.Value));
        var storedBytes = Directory.EnumerateFiles(running.DataDirectory, "*.log", SearchOption.AllDirectories)
            .Sum(file => new FileInfo(file).Length);
        if (codec != CompressionType.None)
        {
            Assert.InRange(storedBytes, 1, Count * MessageBytes / 4);         // the batches are stored as they came
        }
    }

    /// <summary>Reads this many records by assignment, without a group.</summary>
    internal static Dictionary<(int Partition, long Offset), byte[]> Consume(string bootstrap, string topic, int partitions, int count)
    {
        var read = new Dictionary<(int, long), byte[]>();
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(
            new ConsumerConfig { BootstrapServers = bootstrap, GroupId = "by-assignment", EnableAutoCommit = false, CheckCrcs = true }).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (read.Count < count && DateTime.UtcNow < deadline)
        {
            if (consumer.Consume(TimeSpan.FromSeconds(1)) is { Message: not null } result)
            {
                read.Add((result.Partition.Value, result.Offset.Value), result.Message.Value);
            }
        }

        return read;
    }
}
