using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Confluent.Kafka;
using Embedded.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Embedded.Tests.AspireClients;

/// <summary>What the client integrations tell, against a broker in a process of its own.</summary>
public sealed class ClientTelemetryTests : IAsyncLifetime
{
    private const string Telemetry = "OpenTelemetry.Instrumentation.ConfluentKafka";

    private readonly TemporaryFolder _data = new();
    private readonly ConcurrentQueue<Activity> _spans = [];
    private ServerProcess _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await ServerProcess.StartKafkaAsync(_data.Path);

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task A_record_carries_its_publish_span_and_its_receive_span_is_linked_to_it()
    {
        var topic = $"traced-{Guid.NewGuid():N}";
        using var listener = Listen(topic);
        using var host = Host();
        var (messages, durations) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        using var meters = Listen(topic, messages, durations);

        var record = await SendAndReceiveAsync(host, topic);

        var (publish, receive) = (Of($"{topic} publish"), Of($"{topic} receive"));
        Assert.Equal((ActivityKind.Producer, ActivityKind.Consumer), (publish.Kind, receive.Kind));
        Assert.Equal(publish.Id, Encoding.ASCII.GetString(record.Message.Headers.GetLastBytes("traceparent")));
        Assert.Equal(publish.Context.SpanId, Assert.Single(receive.Links).Context.SpanId);
        Assert.NotEqual(publish.TraceId, receive.TraceId);
        Assert.Equal(("kafka", "publish", topic, "key"), (publish.GetTagItem("messaging.system"), publish.GetTagItem("messaging.operation"),
            publish.GetTagItem("messaging.destination.name"), publish.GetTagItem("messaging.kafka.message.key")));
        Assert.Equal((0L, "telemetry"), (receive.GetTagItem("messaging.kafka.message.offset"), receive.GetTagItem("messaging.kafka.consumer.group")));
        Assert.Equal(["messaging.publish.messages", "messaging.receive.messages"], messages.Order());
        Assert.Equal(["messaging.publish.duration", "messaging.receive.duration"], durations.Order());
    }

    [Fact]
    public async Task Switched_off_the_clients_are_plain()
    {
        var topic = $"plain-{Guid.NewGuid():N}";
        using var listener = Listen(topic);
        using var host = Host(disabled: true);

        var record = await SendAndReceiveAsync(host, topic);

        Assert.Empty(_spans);
        Assert.DoesNotContain(record.Message.Headers ?? [], header => header.Key == "traceparent");
        Assert.Null(host.Services.GetService<TracerProvider>());
        Assert.Null(host.Services.GetService<MeterProvider>());
    }

    [Fact]
    public void Health_checks_have_the_names_that_people_know()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.AddKafkaProducer<string, string>("kafka");
        builder.AddKafkaConsumer<string, string>("kafka");
        builder.AddMongoDBClient("store");
        builder.AddKeyedKafkaProducer<string, string>("second");
        builder.AddKeyedKafkaConsumer<string, string>("second");
        builder.AddKeyedMongoDBClient("second");
        using var host = builder.Build();

        var names = host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(check => check.Name);

        Assert.Equal(
            [
                "Aspire.Confluent.Kafka.Consumer", "Aspire.Confluent.Kafka.Consumer_second", "Aspire.Confluent.Kafka.Producer",
                "Aspire.Confluent.Kafka.Producer_second", "MongoDB.Driver", "MongoDB.Driver_second",
            ],
            names.Order(StringComparer.Ordinal));
    }

    private IHost Host(bool disabled = false)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddLogging();
        builder.AddKafkaProducer<string, string>("kafka", settings =>
        {
            (settings.ConnectionString, settings.DisableTracing, settings.DisableMetrics) = (_broker.Address, disabled, disabled);
        });
        builder.AddKafkaConsumer<string, string>("kafka", settings =>
        {
            (settings.ConnectionString, settings.DisableTracing, settings.DisableMetrics) = (_broker.Address, disabled, disabled);
            (settings.Config.GroupId, settings.Config.AutoOffsetReset) = ("telemetry", AutoOffsetReset.Earliest);
        });
        return builder.Build();
    }

    private static async Task<ConsumeResult<string, string>> SendAndReceiveAsync(IHost host, string topic)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var sent = await host.Services.GetRequiredService<IProducer<string, string>>()
            .ProduceAsync(topic, new() { Key = "key", Value = "value" }, limit.Token);
        var consumer = host.Services.GetRequiredService<IConsumer<string, string>>();
        consumer.Assign(new TopicPartitionOffset(sent.TopicPartition, Offset.Beginning));
        return await Task.Run(() => consumer.Consume(limit.Token));
    }

    private Activity Of(string name) => Assert.Single(_spans, span => span.OperationName == name);

    private ActivityListener Listen(string topic)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.OperationName.StartsWith(topic, StringComparison.Ordinal)) _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static MeterListener Listen(string topic, ConcurrentQueue<string> counts, ConcurrentQueue<string> durations)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Telemetry) listener.EnableMeasurementEvents(instrument);
            },
        };
        bool IsOurs(ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags.ToArray().Any(tag => Equals(tag.Value, topic));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => { if (IsOurs(tags)) counts.Enqueue(instrument.Name); });
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => { if (IsOurs(tags)) durations.Enqueue(instrument.Name); });
        listener.Start();
        return listener;
    }
}
