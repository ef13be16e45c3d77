using Confluent.Kafka;
using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka;

/// <summary>The program as its users start it: what it says when it can, and when it cannot.</summary>
[Trait("Speed", "slow")]
public sealed class StartupTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly DirectoryInfo Outputs = new(AppContext.BaseDirectory);           // …/bin/Debug/net10.0/
    private static readonly string Program = Path.Combine(
        Repository.Root, "Embedded", "Embedded.Kafka", "bin", Outputs.Parent!.Name, Outputs.Name, "Embedded.Kafka");

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

    [Fact]
    public async Task A_folder_of_something_else_is_one_line_and_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("photograph.png"), "");

        await ExpectRefusalAsync("something else (photograph.png)", "--listen", "127.0.0.1:0", "--data", folder.Path);

        Assert.Equal([folder.File("photograph.png")], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_damaged_identity_is_one_line_and_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("broker.json"), "{");

        await ExpectRefusalAsync("broker.json is damaged", "--listen", "127.0.0.1:0", "--data", folder.Path);
    }

    [Fact]
    public async Task A_read_only_folder_is_one_line_and_exit_code_1()
    {
        await using var disk = await SmallDisk.MountAsync(16);
        await using (var broker = await ServerProcess.StartKafkaAsync(disk.Data))
        {
            await broker.StopAsync();
        }

        await disk.MakeReadOnlyAsync();

        await ExpectRefusalAsync("Read-only", "--listen", "127.0.0.1:0", "--data", disk.Data);
        await ExpectRefusalAsync("Read-only", "--listen", "127.0.0.1:0", "--data", disk.Data + "2");
    }

    [Fact]
    public async Task A_full_disk_is_one_line_and_exit_code_1()
    {
        await using var disk = await SmallDisk.MountAsync(16);
        disk.Fill(leftBytes: 0);
        await ExpectRefusalAsync("No space left", "--listen", "127.0.0.1:0", "--data", disk.Data);

        disk.Empty();
        await using (var broker = await ServerProcess.StartKafkaAsync(disk.Data))
        {
            disk.Fill(leftBytes: 0);
            Assert.Equal(0, await broker.StopAsync());
            Assert.False(File.Exists(Path.Combine(disk.Data, "clean")));
        }

        disk.Empty();
        await using var again = await ServerProcess.StartKafkaAsync(disk.Data);
    }

    [Fact]
    public async Task Records_are_refused_below_the_reserve_and_taken_again_above_it()
    {
        await using var disk = await SmallDisk.MountAsync(64);
        await using var broker = await ServerProcess.StartKafkaAsync(disk.Data, "--min.free.bytes", $"{16 << 20}");
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = broker.Address, MessageSendMaxRetries = 0 })
            .Build();
        Assert.Equal(ErrorCode.NoError, await ProduceAsync());

        disk.Fill(leftBytes: 8 << 20);
        await Eventually.TrueAsync(async () => await ProduceAsync() == ErrorCode.KafkaStorageError, TimeSpan.FromSeconds(10));

        disk.Empty();
        await Eventually.TrueAsync(async () => await ProduceAsync() == ErrorCode.NoError, TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => broker.Transcript.Contains("writes are refused", StringComparison.Ordinal), state: () => broker.Transcript);

        async Task<ErrorCode> ProduceAsync()
        {
            try
            {
                return (await producer.ProduceAsync("t", new Message<Null, byte[]> { Value = new byte[1000] })).Status == PersistenceStatus.Persisted
                    ? ErrorCode.NoError : ErrorCode.Unknown;
            }
            catch (ProduceException<Null, byte[]> refused)
            {
                return refused.Error.Code;
            }
        }
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
