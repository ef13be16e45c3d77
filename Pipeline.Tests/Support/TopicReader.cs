using System.Diagnostics;
using Confluent.Kafka;

namespace Pipeline.Tests.Support;

/// <summary>Reads topics from the outside, without a group.</summary>
internal static class TopicReader
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Every record of a topic so far, partition by partition in offset order.</summary>
    public static Task<List<ConsumeResult<byte[], byte[]>>> ReadAllAsync(string address, string topic) => Task.Run(() =>
    {
        using var consumer = ReaderOf(address, topic);
        List<ConsumeResult<byte[], byte[]>> records = [];
        for (var ends = 0; ends < consumer.Assignment.Count;)
        {
            var record = consumer.Consume(Limit) ?? throw new TimeoutException($"{topic} gave nothing within {Limit}");
            if (record.IsPartitionEOF)
            {
                ends++;
            }
            else
            {
                records.Add(record);
            }
        }
        return records.OrderBy(record => record.Partition.Value).ThenBy(record => record.Offset.Value).ToList();
    });

    /// <summary>Reads from the beginning, also of a topic that grows meanwhile, until what was read is enough.</summary>
    /// <param name="state">What to print when the time has passed.</param>
    public static Task ReadUntilAsync(
        string address, string topic, Func<ConsumeResult<byte[], byte[]>, bool> isEnough, Func<string> state) => Task.Run(() =>
    {
        using var consumer = ReaderOf(address, topic);
        var clock = Stopwatch.StartNew();
        while (consumer.Consume(TimeSpan.FromMilliseconds(100)) is not { IsPartitionEOF: false } record || !isEnough(record))
        {
            if (clock.Elapsed > Limit)
            {
                throw new TimeoutException($"{topic} did not hold enough within {Limit}.\n{state()}");
            }
        }
    });

    private static IConsumer<byte[], byte[]> ReaderOf(string address, string topic)
    {
        var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = address,
            GroupId = "tests",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
        }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        consumer.Assign(admin.GetMetadata(topic, Limit).Topics[0].Partitions
            .Select(partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.Beginning)));
        return consumer;
    }
}
