using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka;

/// <summary>The broker's promise: what was acknowledged survives kill -9, once, where it was said to be.</summary>
[Trait("Speed", "slow")]
public sealed class KillTests(ITestOutputHelper output)
{
    private const string Topic = "d1";
    private const int Partitions = 4;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Killed_at_random_moments_under_load_the_broker_keeps_every_acknowledged_record_once()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        await using var broker = await ServerProcess.StartKafkaAsync(folder.Path, "--num.partitions", "4", "--log.segment.bytes", "1048576");
        var acknowledged = new ConcurrentDictionary<(int Partition, long Offset), int>();
        var problems = new ConcurrentQueue<string>();
        using var stop = new CancellationTokenSource();
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = broker.Address,
            EnableIdempotence = true,
            Acks = Acks.All,
            MessageTimeoutMs = 120_000,
            ReconnectBackoffMs = 10,
            ReconnectBackoffMaxMs = 100,
            RetryBackoffMs = 20,
            LingerMs = 2,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => { if (error.IsFatal) { problems.Enqueue(error.Reason); } }).Build();
        var sending = Task.Run(() => SendAsync(producer, acknowledged, problems, stop.Token));

        var kills = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Duration; kills++)
        {
            await Task.Delay(random.Next(50, 2000));                         // the moment of the kill is what varies
            await broker.KillAsync();
            await broker.RestartAsync();
        }

        await stop.CancelAsync();
        var sent = await sending;
        producer.Flush(TimeSpan.FromSeconds(30));

        output.WriteLine($"seed {seed}: {kills} kills, {sent} records sent, {acknowledged.Count} acknowledged");
        Assert.Empty(problems);
        Assert.Equal(sent, acknowledged.Count);
        Check(broker.Address, acknowledged, sent);
    }

    private static async Task<int> SendAsync(
        IProducer<string, byte[]> producer, ConcurrentDictionary<(int Partition, long Offset), int> acknowledged, ConcurrentQueue<string> problems,
        CancellationToken stop)
    {
        var sent = 0;
        while (!stop.IsCancellationRequested)
        {
            var number = sent++;
            var value = new byte[1000];
            Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture), value);
            producer.Produce(Topic, new Message<string, byte[]> { Key = $"key-{number % 16}", Value = value }, report =>
            {
                if (report.Error.IsError)
                {
                    problems.Enqueue($"{number}: {report.Error}");
                }
                else if (!acknowledged.TryAdd((report.Partition.Value, report.Offset.Value), number))
                {
                    problems.Enqueue($"{number}: {report.TopicPartitionOffset} was acknowledged before");
                }
            });
            if (number % 10 == 0)
            {
                await Task.Delay(1, CancellationToken.None);   // about 5,000 a second
            }
        }

        return sent;
    }

    private static void Check(string bootstrap, ConcurrentDictionary<(int Partition, long Offset), int> acknowledged, int sent)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = bootstrap,
                GroupId = "check",
                EnableAutoCommit = false,
                CheckCrcs = true,
                EnablePartitionEof = true,
            }).Build();
        consumer.Assign(Enumerable.Range(0, Partitions).Select(partition => new TopicPartitionOffset(Topic, partition, Offset.Beginning)));
        var next = new long[Partitions];
        var lastOfKey = new Dictionary<string, int>();
        var read = 0;
        for (var ended = 0; ended < Partitions;)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(10)) ?? throw new TimeoutException($"Nothing more after {read} records.");
            if (result.IsPartitionEOF)
            {
                ended++;
                continue;
            }

            var number = int.Parse(Encoding.ASCII.GetString(result.Message.Value).TrimEnd('\0'), CultureInfo.InvariantCulture);
            Assert.Equal(next[result.Partition.Value]++, result.Offset.Value);
            Assert.Equal(acknowledged[(result.Partition.Value, result.Offset.Value)], number);
            Assert.True(!lastOfKey.TryGetValue(result.Message.Key, out var last) || last < number, $"{result.Message.Key}: {number} after {last}");
            lastOfKey[result.Message.Key] = number;
            read++;
        }

        Assert.Equal(sent, read);
    }
}
