using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Embedded.Tests.Support;

namespace Embedded.Tests.MongoDB.Server;

/// <summary>What keeps the server from starting is said in one line, with what to do about it.</summary>
public sealed class StartupTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Embedded.MongoDB.exe" : "Embedded.MongoDB");

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await RefusesAsync(["--listen", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "--data", folder.Path], $":{port} cannot be listened on", "--listen");
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
        await File.WriteAllTextAsync(folder.File("broken.db"), new string('x', 100_000));

        await RefusesAsync(["--listen", "127.0.0.1:0", "--data", folder.Path], "cannot be opened", "not a database");
    }

    [Fact]
    public async Task An_unknown_option_is_answered_with_the_usage() => await RefusesAsync(["--verbose", "yes"], "--verbose yes is not understood", "usage:");

    [Fact]
    public async Task A_terminated_server_exits_with_zero_and_frees_its_folder()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartMongoDBAsync(folder.Path);

        Assert.Equal(0, await server.StopAsync());
        await server.RestartAsync();
    }

    private static async Task RefusesAsync(string[] arguments, params string[] phrases)
    {
        var result = await ClientProgram.RunAsync(Program, arguments);

        Assert.Equal(1, result.ExitCode);
        var line = Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(phrases, phrase => Assert.Contains(phrase, line, StringComparison.Ordinal));
    }
}
