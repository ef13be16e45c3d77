using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;

/// <summary>
/// From Produce to Consume at 1,000 records of 3 KB a second, one partition, linger 0, Nagle off on both sides. Goal G3:
/// p50 below 0.7 ms, p99 below 2 ms. The client's share is in the figure: both ends run in this process.
/// </summary>
internal static class KafkaLatency
{
    private const int RecordBytes = 3_072;
    private const int RecordsPerSecond = 1_000;
    private const int WarmUpSeconds = 2;
    private const string Topic = "latency";

    /// <param name="args">Seconds, default 20 (the specification's run is 60); then settings for the broker.</param>
    public static async Task RunAsync(string[] args)
    {
        var seconds = args is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 20;
        var count = (seconds + WarmUpSeconds) * RecordsPerSecond;
        using var broker = await KafkaBroker.StartAsync([.. args.Skip(1)]);
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = broker.Address,
            LingerMs = 0,
            SocketNagleDisable = true,
            Acks = Acks.All,
        }).Build();
        await producer.ProduceAsync(new TopicPartition(Topic, 0), new Message<Null, byte[]> { Value = new byte[sizeof(long)] });

        var reading = Task.Factory.StartNew(() => Read(broker.Address, count), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var before = broker.ProcessorTime;
        await SendAsync(producer, count);
        var latencies = await reading;
        var brokerCpu = (broker.ProcessorTime - before) / (seconds + WarmUpSeconds);

        Array.Sort(latencies);
        double Percentile(double share) => TimeSpan.FromTicks(latencies[(int)(share * (latencies.Length - 1))]).TotalMilliseconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"produce to consume, {RecordsPerSecond:N0}/s, linger 0: p50 {Percentile(0.5):N2} ms (goal 0.7)   p95 {Percentile(0.95):N2}   p99 {Percentile(0.99):N2} ms (goal 2)   max {Percentile(1):N1}   of {latencies.Length:N0}; broker {brokerCpu.TotalSeconds:P0} of a core"));
    }

    /// <summary>Sends on a schedule that does not wait for anybody: a late broker does not make the load lighter.</summary>
    private static async Task SendAsync(IProducer<Null, byte[]> producer, int count)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var clock = Stopwatch.StartNew();
        for (var sent = 0; sent < count;)
        {
            for (; sent < Math.Min(count, clock.Elapsed.TotalSeconds * RecordsPerSecond); sent++)
            {
                var value = new byte[RecordBytes];
                BinaryPrimitives.WriteInt64LittleEndian(value, Stopwatch.GetTimestamp());
                producer.Produce(new TopicPartition(Topic, 0), new Message<Null, byte[]> { Value = value });
            }
            await pace.WaitForNextTickAsync();
        }
        producer.Flush(TimeSpan.FromSeconds(30));
    }

    /// <returns>Ticks from stamp to receipt, without the warm-up.</returns>
    private static long[] Read(string address, int count)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = address,
            GroupId = "bench",
            EnableAutoCommit = false,
            SocketNagleDisable = true,
            FetchWaitMaxMs = 100,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(Topic, 0, Offset.Beginning));
        var latencies = new List<long>(count);
        for (var read = -1; read < count; read++)            // The first one only made the topic.
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(30)) ?? throw new InvalidOperationException($"Nothing after {read} records.");
            if (read >= WarmUpSeconds * RecordsPerSecond)
            {
                latencies.Add(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(result.Message.Value)).Ticks);
            }
        }
        return [.. latencies];
    }
}
