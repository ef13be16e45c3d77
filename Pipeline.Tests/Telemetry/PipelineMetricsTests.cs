using System.Diagnostics.Metrics;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Telemetry;

public sealed class PipelineMetricsTests
{
    [Fact]
    public void Instruments_have_the_names_and_units_of_the_conventions()
    {
        var metrics = AHost.Metrics();
        List<string> instruments = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter == metrics.Meter)
            {
                instruments.Add($"{instrument.Name} {instrument.Unit}");
            }
        };
        listener.Start();

        Assert.Equal(
            [
                "messaging.client.consumed.messages {message}", "messaging.client.operation.duration s", "messaging.client.sent.messages {message}",
                "messaging.process.duration s", "pipeline.image.duration s", "pipeline.images {image}", "pipeline.queue.depth {image}",
                "pipeline.stage.duration s",
            ],
            instruments.Order(StringComparer.Ordinal));
        Assert.Equal(("Pipeline", TelemetryNames.SchemaUrl), (metrics.Meter.Name, metrics.Meter.TelemetrySchemaUrl));
    }

    [Fact]
    public void Two_hosts_in_a_process_count_apart()
    {
        var (ours, theirs) = (AHost.Metrics(), AHost.Metrics());
        long sent = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter == ours.Meter && instrument.Name == TelemetryNames.SentMessages)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => sent += count);
        listener.Start();
        var now = DateTimeOffset.UnixEpoch;

        MessagingOperation.Send(ours, "topic").Record(now, now, messages: 2);
        MessagingOperation.Send(theirs, "topic").Record(now, now, messages: 40);

        Assert.Equal(2, sent);
    }
}
