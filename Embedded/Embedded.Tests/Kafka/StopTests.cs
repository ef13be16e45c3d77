using System.Collections.Concurrent;
using Confluent.Kafka;
using Embedded.Tests.Kafka.Wire;
using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka;

/// <summary>A broker that stops while its clients are at work.</summary>
[Trait("Speed", "slow")]
public sealed class StopTests
{
    private const string Topic = "t";
    private const int Partitions = 4;
    private const int BatchCount = 200;
    private const int SessionMs = 1000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopping_under_load_is_quick_and_quiet_and_keeps_what_was_acknowledged(bool flushOnAck)
    {
        using var log = new RecordedLog();
        await using var running = await RunningBroker.StartAsync(
            options => options with { DefaultPartitions = Partitions, FlushOnAck = flushOnAck, GroupMinSessionTimeoutMs = SessionMs }, log: log);
        var acknowledged = new ConcurrentBag<int>();
        using var ended = new CancellationTokenSource();
        var load = Enumerable.Range(0, 3).Select(i => Task.Run(() => ProduceAsync(running.Bootstrap, i << 24, acknowledged, ended.Token)))
            .Concat(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Consume(running.Bootstrap, ended.Token))))
            .ToArray();
        await Eventually.TrueAsync(() => acknowledged.Count > 3000, TimeSpan.FromSeconds(20));

        await running.Broker.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(8));

        await ended.CancelAsync();
        await Task.WhenAll(load);
        Assert.True(log.Errors.Count == 0, string.Join('\n', log.Errors));
        await running.StartAgainAsync();
        var stored = ConfluentClientTests.Consume(running.Bootstrap, Topic, Partitions,
            (int)running.Broker.Topics.Find(Topic)!.Partitions.Sum(partition => partition.Current.EndOffset)).Values.Select(value =>
                BitConverter.ToInt32(value)).ToHashSet();
        Assert.Empty(acknowledged.Except(stored));
        Assert.True(log.Errors.Count == 0, string.Join('\n', log.Errors));
    }

    [Fact]
    public async Task No_request_outlives_its_connection()
    {
        await using var running = await RunningBroker.StartAsync();
        await using (var client = await KafkaSocket.ConnectAsync(running.Broker.Port))
        {
            await client.AskAsync(Requests.CreateTopics, 4, Requests.ToCreateTopic(Topic, 1));
        }

        var waiters = running.Broker.Topics.Find(Topic)!.Partition(0)!.Waiters;
        for (var i = 0; i < 200; i++)
        {
            // The answer to the first request finds nobody, while the second already waits.
            var leaving = await KafkaSocket.ConnectAsync(running.Broker.Port);
            await leaving.SendRawAsync((byte[])
            [
                .. KafkaSocket.Frame(KafkaSocket.Request(Requests.Metadata, 4, 1, Requests.ToMetadata(create: false, Topic))),
                .. KafkaSocket.Frame(KafkaSocket.Request(Requests.Fetch, 11, 2, Requests.ToFetch(Topic, 0, 0, maxWaitMs: 100_000))),
            ]);
            leaving.Reset();
        }

        await running.Broker.DisposeAsync();

        Assert.Equal(0, waiters.Count);
    }

    private static async Task ProduceAsync(string bootstrap, int first, ConcurrentBag<int> acknowledged, CancellationToken ended)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(
            new ProducerConfig { BootstrapServers = bootstrap, EnableIdempotence = true, MessageTimeoutMs = 2000 })
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler(static (_, _) => { })
            .Build();
        for (var next = first; !ended.IsCancellationRequested; next += BatchCount)
        {
            await Task.WhenAll(Enumerable.Range(next, BatchCount).Select(async id =>
            {
                try
                {
                    await producer.ProduceAsync(
                        Topic, new Message<Null, byte[]> { Value = [.. BitConverter.GetBytes(id), .. new byte[1000]] }, CancellationToken.None);
                    acknowledged.Add(id);
                }
                catch (ProduceException<Null, byte[]>)
                {
                    // The broker has gone.
                }
            }));
        }
    }

    private static void Consume(string bootstrap, CancellationToken ended)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = "g",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            AutoCommitIntervalMs = 50,
            SessionTimeoutMs = SessionMs,                        // closing without a broker takes as long
            HeartbeatIntervalMs = SessionMs / 4,
        };
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(config)
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler(static (_, _) => { })
            .Build();
        consumer.Subscribe(Topic);
        while (!ended.IsCancellationRequested)
        {
            try
            {
                consumer.Consume(TimeSpan.FromMilliseconds(100));
            }
            catch (ConsumeException)
            {
                // The broker has gone, or the topic is not there yet.
            }
        }
    }
}
