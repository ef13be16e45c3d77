using System.Diagnostics;
using Confluent.Kafka;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Outages;

/// <summary>A broker that is there and does not answer: SIGSTOP, a frozen volume, a network that swallows everything.</summary>
[Trait("Speed", "slow")]
public sealed class HungBrokerTests(MongoDBFixture mongodb) : IClassFixture<MongoDBFixture>
{
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("Pipeline.Inference")]
    [InlineData("Pipeline.DbConsumer")]
    [InlineData("Pipeline.Analytics")]
    [InlineData("Pipeline.Producer")]
    public async Task Told_to_stop_a_service_ends_all_the_same(string project)
    {
        using var data = new TemporaryFolder();
        await using var broker = await ServerProcess.StartKafkaAsync(data.Path);
        await using var service = await ServiceProcess.StartAsync(project,
            ("ConnectionStrings__kafka", broker.Address), ("ConnectionStrings__image-database", mongodb.ConnectionString(mongodb.NewDatabase())));
        Signal.SendStop(broker.Id);
        try
        {
            var clock = Stopwatch.StartNew();
            Assert.Equal(0, await service.StopAsync());
            Assert.True(clock.Elapsed < StopsWithin, $"{project} took {clock.Elapsed} to stop.\n{service.Transcript}");
        }
        finally
        {
            Signal.SendContinue(broker.Id);
        }
    }

    [Fact]
    public async Task Partitions_are_waited_for_until_told_to_stop()
    {
        using var data = new TemporaryFolder();
        await using var broker = await ServerProcess.StartKafkaAsync(data.Path);
        using var client = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = broker.Address }).SetLogHandler((_, _) => { })
            .Build();
        using var stop = new CancellationTokenSource();
        Signal.SendStop(broker.Id);
        try
        {
            var asked = client.PartitionsAsync(Topics.ImageData, stop.Token);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }
        finally
        {
            Signal.SendContinue(broker.Id);
        }
    }
}
