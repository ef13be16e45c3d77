using System.Text;
using Confluent.Kafka;
using Pipeline.Contracts;

/// <summary>Records that nobody can use, sent now and then among the images.</summary>
internal sealed class BadRecords(string bootstrapServers) : IDisposable
{
    private static readonly byte[][] Kinds = [Encoding.UTF8.GetBytes("no message at all"), Encoding.UTF8.GetBytes("""{"ID":"1","Data":"no picture"}"""), []];

    private readonly IProducer<byte[], byte[]> _producer = new ProducerBuilder<byte[], byte[]>(
        new ProducerConfig { BootstrapServers = bootstrapServers, EnableIdempotence = true }).SetLogHandler((_, _) => { }).Build();

    private readonly List<Task<DeliveryResult<byte[], byte[]>>> _sent = [];

    /// <summary>Hands one over; a broker that is away just now gets it later.</summary>
    public void Send() =>
        _sent.Add(_producer.ProduceAsync(Topics.ImageData,
            new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes($"bad-{_sent.Count}"), Value = Kinds[_sent.Count % Kinds.Length] }));

    /// <summary>Where they all lie.</summary>
    public async Task<HashSet<TopicPartitionOffset>> PlacesAsync() => [.. (await Task.WhenAll(_sent)).Select(sent => sent.TopicPartitionOffset)];

    public void Dispose() => _producer.Dispose();
}
