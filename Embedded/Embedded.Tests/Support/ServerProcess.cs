using System.Globalization;

namespace Embedded.Tests.Support;

/// <summary>
/// An embedded server as its users run it: an executable in a process of its own, which can be killed at any moment and started
/// again on the same folder and port.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    private readonly string _program;
    private readonly string _dataFolder;
    private readonly string[] _options;
    private readonly IReadOnlyDictionary<string, string>? _environment;
    private ClientProgram _running;

    private ServerProcess(
        string program, string dataFolder, string[] options, IReadOnlyDictionary<string, string>? environment, ClientProgram running, string address)
    {
        (_program, _dataFolder, _options, _environment, _running, Address) = (program, dataFolder, options, environment, running, address);
        Port = int.Parse(address[(address.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }

    /// <summary>HOST:PORT, as printed by the server.</summary>
    public string Address { get; }

    public int Port { get; }

    public int Id => _running.Id;

    /// <summary>What the server wrote so far, for a failure message.</summary>
    public string Transcript => _running.Transcript;

    public static Task<ServerProcess> StartKafkaAsync(string dataFolder, params string[] options) =>
        StartAsync("Embedded.Kafka", dataFolder, options);

    public static Task<ServerProcess> StartMongoDBAsync(string dataFolder, params string[] options) =>
        StartAsync("Embedded.MongoDB", dataFolder, options);

    /// <param name="environment">Variables beside those of the tests' own process.</param>
    public static Task<ServerProcess> StartKafkaAsync(string dataFolder, IReadOnlyDictionary<string, string> environment) =>
        StartAsync("Embedded.Kafka", dataFolder, [], environment);

    /// <inheritdoc cref="StartKafkaAsync(string, IReadOnlyDictionary{string, string})" />
    public static Task<ServerProcess> StartMongoDBAsync(string dataFolder, IReadOnlyDictionary<string, string> environment) =>
        StartAsync("Embedded.MongoDB", dataFolder, [], environment);

    /// <summary>Starts the executable of that project, on a free port, and waits for its `listening` line.</summary>
    private static async Task<ServerProcess> StartAsync(
        string project, string dataFolder, string[] options, IReadOnlyDictionary<string, string>? environment = null)
    {
        var program = FindProgram(project);
        var (running, address) = await LaunchAsync(program, dataFolder, "127.0.0.1:0", options, environment);
        return new ServerProcess(program, dataFolder, options, environment, running, address);
    }

    /// <summary>kill -9: no goodbye, no flush.</summary>
    public Task KillAsync() => _running.KillAsync();

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Signal.SendTerminate(_running.Id);
        return (await _running.WaitForExitAsync(StopLimit)).ExitCode;
    }

    /// <summary>Starts again on the same folder and port, after <see cref="KillAsync"/> or <see cref="StopAsync"/>.</summary>
    public async Task RestartAsync()
    {
        await _running.DisposeAsync();
        (_running, _) = await LaunchAsync(_program, _dataFolder, Address, _options, _environment);
    }

    public ValueTask DisposeAsync() => _running.DisposeAsync();

    /// <summary>The project's own output, of the configuration that the tests were built in: beside the tests stands a copy
    /// of the program without the packages that the tests have from a shared framework.</summary>
    private static string FindProgram(string project)
    {
        var outputs = new DirectoryInfo(AppContext.BaseDirectory);                            // …/bin/Debug/net10.0/
        return Path.Combine(Repository.Root, "Embedded", project, "bin", outputs.Parent!.Name, outputs.Name,
            OperatingSystem.IsWindows() ? project + ".exe" : project);
    }

    private static async Task<(ClientProgram, string)> LaunchAsync(
        string program, string dataFolder, string listen, string[] options, IReadOnlyDictionary<string, string>? environment = null)
    {
        var running = ClientProgram.Start(program, ["--listen", listen, "--data", dataFolder, .. options], environment: environment);
        try
        {
            var line = await running.WaitForLineAsync(text => text.StartsWith("listening ", StringComparison.Ordinal), StartLimit);
            return (running, line["listening ".Length..].Trim());
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }
}
