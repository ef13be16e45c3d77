using Embedded.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Pipeline.Tests.AppHost;

public sealed class PipelineOptionsTests : IDisposable
{
    private readonly TemporaryFolder _solution = new();

    public void Dispose() => _solution.Dispose();

    [Fact]
    public void Without_a_word_two_cameras_send_ten_noisy_images_a_second_for_ever()
    {
        var options = Read();

        Assert.Equal((2, 0, 10.0, 0.04, 1), (options.Producers, options.Images, options.Rate, options.Noise, options.InferenceReplicas));
        Assert.Equal(((int?)null, (int?)null, 15_888), (options.KafkaPort, options.MongoDBPort, options.DashboardPort));
        Assert.StartsWith(Path.Combine(_solution.Path, ".data"), options.Data!.For("broker"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_of_the_readme_is_taken()
    {
        var options = Read(
            "--Producers", "4", "--Images", "1000", "--Rate", "0", "--Noise", "0.1", "--InferenceReplicas", "2",
            "--Kafka:Port", "19092", "--MongoDB:Port", "27117", "--Dashboard:Port", "16000",
            "--Telemetry:Sampling", "50/s", "--Echo", "true");

        Assert.Equal((4, 1000, 0.0, 0.1, 2), (options.Producers, options.Images, options.Rate, options.Noise, options.InferenceReplicas));
        Assert.Equal((19092, 27117, 16000), (options.KafkaPort, options.MongoDBPort, options.DashboardPort));
        Assert.Equal(("50/s", true), (options.TelemetrySampling, options.Echo));
    }

    [Theory]
    [InlineData("--Producers", "0")]
    [InlineData("--Producers", "many")]
    [InlineData("--Images", "-1")]
    [InlineData("--Rate", "1,5")]
    [InlineData("--Rate", "NaN")]
    [InlineData("--Noise", "1.01")]
    [InlineData("--Arrival", "often")]
    [InlineData("--InferenceReplicas", "65")]
    [InlineData("--Kafka:Port", "70000")]
    [InlineData("--Telemetry:Sampling", "1.5")]
    [InlineData("--Telemetry:Sampling", "often")]
    [InlineData("--Echo", "perhaps")]
    [InlineData("--Produces", "3")]
    public void A_bad_value_or_an_unknown_switch_is_refused_by_its_name(string name, string value)
    {
        var isRead = TryRead([name, value], out _, out var problem);

        Assert.False(isRead);
        Assert.StartsWith(name, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_folder_that_cannot_be_made_is_refused_with_the_remedy()
    {
        var file = Path.Combine(_solution.Path, "file");
        File.WriteAllText(file, "in the way");

        Assert.False(TryRead(["--Data", Path.Combine(file, "data")], out _, out var problem));
        Assert.Contains("--Data", problem, StringComparison.Ordinal);
        Assert.Contains(":temp:", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_temporary_data_folder_goes_with_the_run()
    {
        string folder;
        using (var data = Read("--Data", ":temp:").Data)
        {
            folder = data!.For("broker");
            Assert.True(Directory.Exists(folder));
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Publishing_makes_no_folder_and_takes_the_switches_of_Aspire()
    {
        string[] args = ["--publisher", "manifest", "--output-path", "m.json", "--AppHost:Operation", "Publish", "--aspirate-compat"];

        var options = Read(args);

        Assert.Null(options.Data);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_solution.Path));
    }

    private PipelineOptions Read(params string[] args)
    {
        Assert.True(TryRead(args, out var options, out var problem), problem);
        return options!;
    }

    private bool TryRead(string[] args, out PipelineOptions? options, out string? problem) => PipelineOptions.TryRead(
        new ConfigurationBuilder().AddCommandLine(args).Build(), args, _solution.Path, out options, out problem);
}
