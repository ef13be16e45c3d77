using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Embedded.MongoDB.Storage;
using Embedded.Tests.MongoDB.Support;
using Embedded.Tests.Support;

namespace Embedded.Tests.MongoDB.Server;

/// <summary>What keeps the server from starting is said in one line, with what to do about it.</summary>
[Trait("Speed", "slow")]
public sealed class StartupTests
{
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Embedded.MongoDB.exe" : "Embedded.MongoDB");

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await RefusesAsync(["--listen", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "--data", folder.Path],
            $":{port} cannot be listened on", "--listen");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("a-file");
        await File.WriteAllTextAsync(file, "");

        await RefusesAsync(["--listen", "127.0.0.1:0", "--data", Path.Combine(file, "data")], "cannot be used", "--data");
    }

    [Fact]
    public async Task A_folder_in_use_by_another_server_is_named()
    {
        using var folder = new TemporaryFolder();
        await using var first = await ServerProcess.StartMongoDBAsync(folder.Path);

        await RefusesAsync(["--listen", "127.0.0.1:0", "--data", folder.Path], "in use by another server", "--data");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("server.lock"), "");
        await File.WriteAllTextAsync(folder.File("broken.db"), new string('x', 100_000));

        await RefusesAsync(["--listen", "127.0.0.1:0", "--data", folder.Path], "broken.db cannot be opened", "not a database", "--data");
    }

    [Fact]
    public async Task A_folder_of_something_else_is_named_and_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("photographs"));

        await RefusesAsync(["--listen", "127.0.0.1:0", "--data", folder.Path], "something else (photographs)", "--data");

        Assert.Equal([folder.File("photographs")], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_database_of_another_program_is_named_and_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("server.lock"), "");
        using (var other = SqliteConnection.OpenWriter(folder.File("contacts.db")))
        {
            other.Execute("CREATE TABLE people(name TEXT)");
        }

        var before = await File.ReadAllBytesAsync(folder.File("contacts.db"));

        await RefusesAsync(["--listen", "127.0.0.1:0", "--data", folder.Path], "contacts.db", "another program", "--data");

        Assert.Equal(before, await File.ReadAllBytesAsync(folder.File("contacts.db")));
    }

    [Fact]
    public async Task A_file_in_the_folders_place_is_named()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("a-file"), "");

        await RefusesAsync(["--listen", "127.0.0.1:0", "--data", folder.File("a-file")], "a-file cannot be used", "--data");
    }

    [Fact]
    public async Task A_read_only_folder_is_named()
    {
        await using var disk = await SmallDisk.MountAsync(8);
        await using (var server = await ServerProcess.StartMongoDBAsync(disk.Data))
        {
            await server.StopAsync();
        }

        await disk.MakeReadOnlyAsync();

        await RefusesAsync(["--listen", "127.0.0.1:0", "--data", disk.Data], "cannot be used", "Read-only", "--data");
        await RefusesAsync(["--listen", "127.0.0.1:0", "--data", disk.Data + "2"], "cannot be used", "Read-only", "--data");
    }

    [Fact]
    public async Task A_full_disk_is_named()
    {
        await using var disk = await SmallDisk.MountAsync(8);
        disk.Fill(leftBytes: 0);
        await RefusesAsync(["--listen", "127.0.0.1:0", "--data", disk.Data], "No space left", "--data");

        disk.Empty();
        await using (var server = await ServerProcess.StartMongoDBAsync(disk.Data, "--min-free-mb", "0"))
        {
            await using (var client = await RawConnection.OpenAsync(server.Port))
            {
                await client.SucceedAsync("{insert: 'c', documents: [{a: 1}]}");
            }

            await server.StopAsync();
        }
        disk.Fill(leftBytes: 0);
        await RefusesAsync(["--listen", "127.0.0.1:0", "--data", disk.Data], "make room", "--data");
    }

    [Theory]
    [InlineData("MONGO_INITDB_ROOT_USERNAME", "owner", "MONGO_INITDB_ROOT_PASSWORD is not set")]
    [InlineData("MONGO_INITDB_ROOT_PASSWORD", "secret", "MONGO_INITDB_ROOT_USERNAME is not set")]
    public async Task A_user_without_a_password_and_the_other_way_round_are_named(string variable, string value, string problem)
    {
        using var folder = new TemporaryFolder();

        await RefusesWithAsync(["--listen", "127.0.0.1:0", "--data", folder.Path], new() { [variable] = value }, problem);
    }

    [Fact]
    public async Task An_unknown_option_is_answered_with_the_usage() =>
        await RefusesAsync(["--verbose", "yes"], "--verbose yes is not understood", "usage:");

    [Fact]
    public async Task A_terminated_server_exits_with_zero_and_frees_its_folder()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartMongoDBAsync(folder.Path);

        Assert.Equal(0, await server.StopAsync());
        await server.RestartAsync();
    }

    private static Task RefusesAsync(string[] arguments, params string[] phrases) => RefusesWithAsync(arguments, [], phrases);

    private static async Task RefusesWithAsync(string[] arguments, Dictionary<string, string> environment, params string[] phrases)
    {
        var result = await ClientProgram.RunAsync(Program, arguments, environment: environment);

        Assert.Equal(1, result.ExitCode);
        var line = Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(phrases, phrase => Assert.Contains(phrase, line, StringComparison.Ordinal));
    }
}
