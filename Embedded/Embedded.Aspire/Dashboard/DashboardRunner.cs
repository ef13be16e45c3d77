using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Running;
using Microsoft.Extensions.Configuration;

namespace Embedded.Aspire.Dashboard;

/// <summary>The dashboard as the rest of the host sees it: its process, and the service that the process asks about the resources.</summary>
/// <remarks>Started before the resources and stopped after them, so that everything they send is received. Nobody waits for its start.</remarks>
internal sealed class DashboardRunner(
    IConfiguration configuration, RunOptions options, AppHostMetadata metadata, ConsoleVoice voice,
    ResourceNotificationService notifications, ResourceLoggerService logs, ResourceCommandService commands) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private ResourceService? _service;
    private DashboardProcess? _process;
    private Task _running = Task.CompletedTask;
    private Task? _stopped;

    /// <summary>Null until it is started.</summary>
    public DashboardSettings? Settings { get; private set; }

    /// <summary>Completes when pages and telemetry can be reached.</summary>
    public Task Listening => _process?.Listening ?? throw new InvalidOperationException("The dashboard has not been started.");

    /// <summary>Null while it does not run.</summary>
    public int? ProcessId => _process?.Id;

    /// <exception cref="DistributedApplicationException">The port that was asked for is taken, or the dashboard is not built.</exception>
    public void Start()
    {
        if (metadata.PathOf(AppHostMetadata.DashboardPathKey) is not { } program || !File.Exists(program))
        {
            throw new DistributedApplicationException(
                "dashboard: it is not built. Build the AppHost with build/Embedded.Aspire.AppHost.targets, which builds it too.");
        }
        Settings = DashboardSettings.Decide(configuration, options);
        _service = new ResourceService(Settings, options, notifications, logs, commands);
        _process = new DashboardProcess(Settings, program, options.Directory, voice);
        _running = Task.WhenAll(_process.RunAsync(_end.Token), _service.StartAsync());
    }

    /// <summary>Everything received so far has been written when this completes.</summary>
    public Task StopAsync() => _stopped ??= StopOnceAsync();

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task StopOnceAsync()
    {
        await _end.CancelAsync();
        await _running;
        if (_service is not null) await _service.DisposeAsync();
        _end.Dispose();
    }
}
