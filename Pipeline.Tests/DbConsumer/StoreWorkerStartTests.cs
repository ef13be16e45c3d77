using Pipeline.Tests.Support;

namespace Pipeline.Tests.DbConsumer;

/// <summary>What the service says when the world is not as it needs it.</summary>
public sealed class StoreWorkerStartTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    [Fact]
    public async Task Without_a_store_it_ends_with_one_line_and_exit_code_1()
    {
        var result = await ServiceProcess.RunAsync(
            "Pipeline.DbConsumer", [],
            ("ConnectionStrings__kafka", kafka.Address),
            ("ConnectionStrings__image-database", "mongodb://127.0.0.1:1/image_database?serverSelectionTimeoutMS=200"),
            ("Store__StartWithin", "00:00:01"));

        Assert.Equal(1, result.ExitCode);
        var line = Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("MongoDB did not answer for 1 s", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_option_is_refused_by_name()
    {
        var result = await ServiceProcess.RunAsync(
            "Pipeline.DbConsumer", [],
            ("ConnectionStrings__kafka", kafka.Address),
            ("ConnectionStrings__image-database", "mongodb://127.0.0.1:1/image_database"),
            ("Store__StartWithin", "2.00:00:00"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("StartWithin", result.Errors, StringComparison.Ordinal);
    }
}
