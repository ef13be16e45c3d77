using Embedded.Tests.Support;

namespace Pipeline.Tests.Support;

/// <summary>One of the four services as its users run it: an executable in a process of its own, on a free port.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly ClientProgram _running;

    private ServiceProcess(ClientProgram running, Uri address)
    {
        _running = running;
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
    }

    /// <summary>Asks the service.</summary>
    public HttpClient Http { get; }

    /// <summary>What the service wrote so far, for a failure message.</summary>
    public string Transcript => _running.Transcript;

    /// <summary>Starts the executable of that project and waits until it listens.</summary>
    /// <param name="settings">Configuration, as environment variables.</param>
    public static async Task<ServiceProcess> StartAsync(string project, params (string Name, string Value)[] settings)
    {
        var running = Launch(project, [], settings);
        try
        {
            var line = await running.WaitForLineAsync(text => text.Contains(Listening, StringComparison.Ordinal), StartLimit);
            return new ServiceProcess(running, new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..].Trim()));
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a service that is expected to end by itself.</summary>
    public static async Task<ClientResult> RunAsync(string project, string[] arguments, params (string Name, string Value)[] settings)
    {
        await using var running = Launch(project, arguments, settings);
        return await running.WaitForExitAsync();
    }

    /// <summary>kill -9: no goodbye, no commit.</summary>
    public Task KillAsync() => _running.KillAsync();

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Signal.SendTerminate(_running.Id);
        return (await _running.WaitForExitAsync(StopLimit)).ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _running.DisposeAsync();
    }

    private static ClientProgram Launch(string project, string[] arguments, (string Name, string Value)[] settings)
    {
        var environment = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        environment.TryAdd("ASPNETCORE_URLS", "http://127.0.0.1:0");
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? project + ".exe" : project);
        return ClientProgram.Start(program, arguments, folder: AppContext.BaseDirectory, environment: environment);
    }
}
