using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Tests.Support;

/// <summary>A broker in a process of its own, for the tests of one class, with a hand to send and an eye on the dead letters.</summary>
public sealed class KafkaFixture : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _data = new();
    private ServerProcess _server = null!;
    private IProducer<byte[], byte[]> _producer = null!;

    /// <summary>HOST:PORT.</summary>
    public string Address => _server.Address;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartKafkaAsync(_data.Path);
        _producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig
            {
                BootstrapServers = Address,
                EnableIdempotence = true,
                LingerMs = 1,
                MessageMaxBytes = 4_000_000,
                CompressionType = CompressionType.Gzip,
            }).Build();
    }

    public async ValueTask DisposeAsync()
    {
        _producer?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        _data.Dispose();
    }

    /// <summary>Sends one record and returns where it lies.</summary>
    public async Task<TopicPartitionOffset> SendAsync(string topic, byte[]? value, string? contentType = null, string key = "camera-1",
        long? timestamp = null, params IHeader[] others)
    {
        var headers = new Headers();
        foreach (var other in others)
        {
            headers.Add(other.Key, other.GetValueBytes());
        }
        if (contentType is not null)
        {
            headers.Add(MessageEncoding.Header, Encoding.UTF8.GetBytes(contentType));
        }
        var message = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(key), Value = value!, Headers = headers };
        if (timestamp is { } milliseconds)
        {
            message.Timestamp = new Timestamp(milliseconds, TimestampType.CreateTime);
        }
        return (await _producer.ProduceAsync(topic, message)).TopicPartitionOffset;
    }

    /// <summary>The dead letter that was made of one record; waits for it.</summary>
    public async Task<ConsumeResult<byte[], byte[]>> DeadLetterOfAsync(TopicPartitionOffset record)
    {
        ConsumeResult<byte[], byte[]>? found = null;
        await Polling.UntilAsync(
            async () => (found = (await DeadLettersAsync(record.Topic)).FirstOrDefault(IsOfRecord)) is not null,
            Limit, () => $"no dead letter of {record}");
        return found!;

        bool IsOfRecord(ConsumeResult<byte[], byte[]> letter) =>
            letter.Message.Headers.Text(DeadLetterOrigin.PartitionHeader) == record.Partition.Value.ToString(CultureInfo.InvariantCulture)
            && letter.Message.Headers.Text(DeadLetterOrigin.OffsetHeader) == record.Offset.Value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>All dead letters of a topic so far.</summary>
    public Task<IReadOnlyList<ConsumeResult<byte[], byte[]>>> DeadLettersAsync(string topic) => Task.Run(
        IReadOnlyList<ConsumeResult<byte[], byte[]>> () =>
    {
        var config = new ConsumerConfig { BootstrapServers = Address, GroupId = "tests", EnableAutoCommit = false, EnablePartitionEof = true };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config).Build();
        consumer.Assign(new TopicPartitionOffset(topic + Topics.DeadLetterSuffix, 0, Offset.Beginning));
        List<ConsumeResult<byte[], byte[]>> letters = [];
        while (consumer.Consume(Limit) is { IsPartitionEOF: false } letter)
        {
            letters.Add(letter);
        }
        return letters;
    });
}
