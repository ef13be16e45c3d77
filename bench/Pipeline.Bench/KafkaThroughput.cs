using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;

/// <summary>
/// How fast records go into the broker and come out again: 3 KB each, four partitions, uncompressed, linger 5 ms. Goals
/// G1: produce at least 200 MB/s, with acks=1 and acks=all. G2: fetch at least 400 MB/s from the page cache.
/// </summary>
/// <remarks>
/// Client and broker share the cores, so the client is part of every figure; the broker's processor time tells its share.
/// "raw fetch" reads the same log with a bare socket that looks at nothing but offsets: the broker without a client.
/// </remarks>
internal static class KafkaThroughput
{
    private const int RecordBytes = 3_072;
    private const int Partitions = 4;
    private const double Megabyte = 1e6;

    /// <param name="args">How many records, default 200,000; then settings for the broker.</param>
    public static async Task RunAsync(string[] args)
    {
        var count = args is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 200_000;
        using var broker = await KafkaBroker.StartAsync([.. args.Skip(1)]);
        Produce(broker, "warm-up", Acks.All, 20_000);

        foreach (var (topic, acks) in new[] { ("leader", Acks.Leader), ("all", Acks.All) })
        {
            Report($"produce acks={(acks == Acks.All ? "all" : "1")}", broker, count, goal: 200, () => Produce(broker, topic, acks, count));
        }
        Report("fetch", broker, count, goal: 400, () => Fetch(broker, "all", count));
        Report("raw fetch", broker, count, goal: 400, () => KafkaRawFetch.ReadAll(broker.Address, "all", Partitions, count));
    }

    private static void Report(string what, KafkaBroker broker, int count, double goal, Action work)
    {
        var (clock, brokerBefore) = (Stopwatch.StartNew(), broker.ProcessorTime);
        work();
        var seconds = clock.Elapsed.TotalSeconds;
        var brokerSeconds = (broker.ProcessorTime - brokerBefore).TotalSeconds;
        var megabytes = (double)count * RecordBytes / Megabyte;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what,-18} {megabytes / seconds,7:N0} MB/s (goal {goal:N0})   {count / seconds,9:N0} records/s   broker {brokerSeconds:N2} of {seconds:N2} s = {megabytes / brokerSeconds:N0} MB per CPU second"));
    }

    private static void Produce(KafkaBroker broker, string topic, Acks acks, int count)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = broker.Address,
            Acks = acks,
            LingerMs = 5,
            BatchSize = 1_000_000,
            QueueBufferingMaxMessages = 100_000,
            QueueBufferingMaxKbytes = 400_000,
            DeliveryReportFields = "status",
        };
        using var producer = new ProducerBuilder<Null, byte[]>(config).Build();
        var message = new Message<Null, byte[]> { Value = new byte[RecordBytes] };
        new Random(1).NextBytes(message.Value);
        long delivered = 0;
        void Delivered(DeliveryReport<Null, byte[]> report)
        {
            if (!report.Error.IsError)
            {
                Interlocked.Increment(ref delivered);     // From the client's thread, and from Poll below.
            }
        }

        for (var sent = 0; sent < count;)
        {
            try
            {
                producer.Produce(new TopicPartition(topic, sent % Partitions), message, Delivered);
                sent++;
            }
            catch (ProduceException<Null, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(TimeSpan.FromMilliseconds(5));
            }
        }
        producer.Flush(TimeSpan.FromMinutes(2));
        if (delivered != count)
        {
            throw new InvalidOperationException($"{count - delivered} records were not acknowledged.");
        }
    }

    private static void Fetch(KafkaBroker broker, string topic, int count)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = broker.Address,
            GroupId = "bench",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            QueuedMinMessages = 100_000,
            QueuedMaxMessagesKbytes = 400_000,
            FetchMaxBytes = 50_000_000,
            MaxPartitionFetchBytes = 10_000_000,
        };
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(config).Build();
        consumer.Assign(Enumerable.Range(0, Partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        for (var read = 0; read < count; read++)
        {
            if (consumer.Consume(TimeSpan.FromSeconds(30)) is null)
            {
                throw new InvalidOperationException($"Nothing after {read} records.");
            }
        }
    }
}
