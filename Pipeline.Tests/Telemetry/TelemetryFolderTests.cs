using Embedded.Tests.Support;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Telemetry;

/// <summary>A service that writes its spans to a folder, with nobody to export them to.</summary>
[Trait("Speed", "slow")]
public sealed class TelemetryFolderTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task At_full_speed_every_span_of_every_image_is_in_the_file_when_the_process_has_ended()
    {
        var ended = await CaptureAsync(_folder.Path);

        Assert.Equal(0, ended.ExitCode);
        Assert.DoesNotContain("not complete", ended.Output + ended.Errors, StringComparison.Ordinal);
        var spans = SpanFiles.Read(_folder.Path).CountBy(span => span.Name).ToDictionary();
        Assert.Equal([("capture image", 3000), ("send image_data", 3000)], spans.Select(span => (span.Key, span.Value)).Order());
    }

    [Fact]
    public async Task A_queue_that_is_too_small_is_said_in_the_log_once_and_costs_no_image()
    {
        var ended = await CaptureAsync(_folder.Path, ("OTEL_BSP_MAX_QUEUE_SIZE", "1"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1"));

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("acknowledged 3000, failed 0", ended.Output, StringComparison.Ordinal);
        Assert.Single((ended.Output + ended.Errors).Split('\n'), line => line.Contains("not complete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_folder_cannot_be_written_the_service_says_so_in_a_line_and_ends()
    {
        File.WriteAllText(_folder.File("file"), "");

        var ended = await CaptureAsync(_folder.File("file/traces"));

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(_folder.File("file/traces"), Assert.Single(ended.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_is_killed_leaves_whole_lines_and_at_most_one_that_is_torn()
    {
        await using var producer = await ServiceProcess.StartAsync(
            "Pipeline.Producer", [.. Settings(_folder.Path), ("Cameras__Rate", "500"), ("Telemetry__Sampling", "1")]);
        await Polling.UntilAsync(
            () => Task.FromResult(SpanFiles.Read(_folder.Path).Count > 500), TimeSpan.FromSeconds(30), () => producer.Transcript);

        await producer.KillAsync();

        Assert.NotEmpty(SpanFiles.Read(_folder.Path));       // which parses every line that has an end
    }

    private Task<ClientResult> CaptureAsync(string folder, params (string, string)[] settings) => ServiceProcess.RunAsync(
        "Pipeline.Producer", ["--Cameras:Producers", "1", "--Cameras:Images", "3000", "--Cameras:Rate", "0", "--Telemetry:Sampling", "1"],
        [.. Settings(folder), .. settings]);

    private (string, string)[] Settings(string folder) => [("ConnectionStrings__kafka", kafka.Address), ("Telemetry__Folder", folder)];
}
