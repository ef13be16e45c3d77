using Embedded.Tests.Support;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Telemetry;

/// <summary>Telemetry never costs an image, wherever it cannot go.</summary>
[Trait("Speed", "slow")]
public sealed class UnreachableReceiverTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    [Fact]
    public async Task With_nobody_to_receive_its_spans_a_producer_sends_every_image_and_ends()
    {
        var ended = await ServiceProcess.RunAsync("Pipeline.Producer",
            ["--Cameras:Producers", "1", "--Cameras:Images", "3000", "--Cameras:Rate", "0", "--Telemetry:Sampling", "1"],
            ("ConnectionStrings__kafka", kafka.Address),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("sent 3000, acknowledged 3000, failed 0", ended.Output, StringComparison.Ordinal);
    }
}
