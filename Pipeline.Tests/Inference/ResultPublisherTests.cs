using Confluent.Kafka;
using Embedded.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.Inference;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Inference;

[Trait("Speed", "slow")]
public sealed class ResultPublisherTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_broker_that_hangs_when_the_first_result_is_there_gets_it_later()
    {
        using var data = new TemporaryFolder();
        await using var broker = await ServerProcess.StartKafkaAsync(data.Path);
        var (reading, writing) = (new Aspire.Confluent.Kafka.KafkaConsumerSettings(), new Aspire.Confluent.Kafka.KafkaProducerSettings());
        reading.ReadAs("results");
        writing.WriteReliably();
        (reading.Config.BootstrapServers, writing.Config.BootstrapServers) = (broker.Address, broker.Address);
        using var producer = new ProducerBuilder<byte[], byte[]>(writing.Config).SetLogHandler((_, _) => { }).Build();
        var (metrics, topics) = (AHost.Metrics(), new TopicOptions());
        using var images = new BatchConsumer(
            new ConsumerBuilder<byte[], byte[]>(reading.Config).Build(), "results", metrics, TimeProvider.System, NullLogger<BatchConsumer>.Instance);
        var spans = new ImageSpans(new(TraceSampling.From(new ConfigurationBuilder().Build(), TimeProvider.System)), metrics, topics, images);
        var publisher = new ResultPublisher(producer, spans, new(metrics), topics, TimeProvider.System);
        using var classifier = new ImageClassifier(Options.Create(new ModelOptions()));
        await publisher.OpenAsync(TestContext.Current.CancellationToken);
        var acknowledged = new TaskCompletionSource<Error>(TaskCreationOptions.RunContinuationsAsynchronously);

        Signal.SendStop(broker.Id);
        try
        {
            var now = DateTimeOffset.UtcNow;
            var image = CapturedImage.Of("1", "camera-1", "ship", now, InferenceFixture.Picture(1));
            var record = new ConsumeResult<byte[], byte[]> { Partition = 0, Message = new() { Headers = [] } };
            publisher.Send(
                image, new Received(record, now), new float[classifier.Labels.Count], new(classifier, now, now, 1, null), acknowledged.SetResult);
        }
        finally
        {
            Signal.SendContinue(broker.Id);
        }

        Assert.Equal(ErrorCode.NoError, (await acknowledged.Task.WaitAsync(Limit)).Code);
    }
}
