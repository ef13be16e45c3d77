using Confluent.Kafka;

namespace Pipeline.Tests.Support;

/// <summary>Reads topics from the outside, without a group.</summary>
internal static class TopicReader
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Every record of a topic so far, partition by partition in offset order.</summary>
    public static Task<List<ConsumeResult<byte[], byte[]>>> ReadAllAsync(string address, string topic) => Task.Run(() =>
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = address,
            GroupId = "tests",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
        }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Limit).Topics[0].Partitions;
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.Beginning)));
        List<ConsumeResult<byte[], byte[]>> records = [];
        for (var ends = 0; ends < partitions.Count;)
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
}
