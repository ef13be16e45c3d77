using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka;

/// <summary>The program as its users start it: what it says when it can, and when it cannot.</summary>
public sealed class StartupTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly DirectoryInfo Outputs = new(AppContext.BaseDirectory);           // …/bin/Debug/net10.0/
    private static readonly string Program = Path.Combine(Repository.Root, "Embedded", "Embedded.Kafka", "bin", Outputs.Parent!.Name, Outputs.Name, "Embedded.Kafka");

    [Fact]
    public async Task A_terminated_broker_exits_0_and_marks_an_orderly_stop()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await ServerProcess.StartKafkaAsync(folder.Path);
        var clock = System.Diagnostics.Stopwatch.StartNew();

        Assert.Equal(0, await broker.StopAsync());

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 5);
        Assert.True(File.Exists(folder.File("clean")));
    }

    [Fact]
    public async Task A_taken_port_is_one_line_and_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await using var first = await ServerProcess.StartKafkaAsync(folder.Path);

        await ExpectRefusalAsync("--listen", "--listen", first.Address, "--data", other.Path);
    }

    [Fact]
    public async Task A_folder_in_use_is_one_line_and_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        await using var first = await ServerProcess.StartKafkaAsync(folder.Path);

        await ExpectRefusalAsync("in use by another broker", "--listen", "127.0.0.1:0", "--data", folder.Path);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_one_line_and_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("occupied"), "a file");

        await ExpectRefusalAsync("cannot be written to", "--listen", "127.0.0.1:0", "--data", folder.File("occupied"));
        await ExpectRefusalAsync("cannot be written to", "--listen", "127.0.0.1:0", "--data", "/proc/nowhere");
    }

    [Theory]
    [InlineData("Unknown setting '--lisen'", "--lisen", "127.0.0.1:0")]
    [InlineData("--data DIR is missing")]
    [InlineData("HOST:PORT", "--listen", "9092", "--data", "x")]
    [InlineData("at least 1", "--num.partitions", "0", "--data", "x")]
    [InlineData("can be reached by other machines", "--listen", "0.0.0.0:0", "--data", "x")]
    public Task Arguments_that_make_no_sense_are_named(string expected, params string[] arguments) => ExpectRefusalAsync(expected, arguments);

    [Fact]
    public async Task A_broker_that_was_killed_binds_its_port_again_at_once()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await ServerProcess.StartKafkaAsync(folder.Path);
        await using var client = await KafkaSocket.ConnectAsync(broker.Port);
        await client.AskAsync(Requests.ApiVersions, 0, []);

        await broker.KillAsync();
        await broker.RestartAsync();

        await using var again = await KafkaSocket.ConnectAsync(broker.Port);
        Assert.Equal(0, (await again.AskAsync(Requests.ApiVersions, 0, [])).Number("error_code"));
    }

    private static async Task ExpectRefusalAsync(string expected, params string[] arguments)
    {
        await using var program = ClientProgram.Start(Program, arguments);

        var exit = await program.WaitForExitAsync(Limit);

        Assert.Equal(1, exit.ExitCode);
        var line = Assert.Single(exit.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(exit.Output.Trim());
        Assert.Contains(expected, line);
    }
}
