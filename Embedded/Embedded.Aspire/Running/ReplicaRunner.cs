using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Embedded.Aspire.Running;

/// <summary>What all runners share.</summary>
internal sealed record RunnerServices(
    ResourceNotificationService Notifications, ResourceLoggerService Logs, DistributedApplicationExecutionContext ExecutionContext,
    Launcher Launcher, HealthMonitor Health, ConsoleVoice Voice, RunOptions Options, ResourceEvents Events, Action<string> Fatal);

/// <summary>
/// One process of a resource, for as long as the application runs: waits, starts it, watches its health, starts it again when it
/// crashes, stops it. A single loop owns the state; commands only signal it.
/// </summary>
internal sealed class ReplicaRunner(IResource resource, string id, string instanceId, int index, ResourceReadiness readiness, RunnerServices services)
    : IDisposable
{
    private const int TailLines = 12;
    private const int TroubleWithTail = 3;
    private const string Restarting = "Restarting";
    private static readonly TimeSpan ServerGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProcessGrace = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _startAsked = new(0);
    private readonly Lock _gate = new();
    private CancellationTokenSource _stopAsked = new();
    private CancellationTokenSource _waitSkipped = new();
    private TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _loop = Task.CompletedTask;
    private bool _isWaiting;
    private int _starts;
    private int _troubles;

    public IResource Resource => resource;

    public string Id => id;

    private string EndState => resource is ContainerResource ? KnownResourceStates.Exited : KnownResourceStates.Finished;

    private bool IsServer => resource.HasAnnotationOfType<EmbeddedServerAnnotation>();

    private ILogger Log => services.Logs.GetLogger(resource, id);

    public void Begin() => _loop = LoopAsync();

    /// <summary>The end of the application: stops the process and does not start it again.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _loop;
    }

    public void Dispose()
    {
        _stopAsked.Dispose();
        _waitSkipped.Dispose();
        _startAsked.Dispose();
        _end.Dispose();
    }

    /// <summary>Starts it when it is at rest; lets it start at once when it waits for others.</summary>
    public ExecuteCommandResult Start()
    {
        lock (_gate)
        {
            if (_isWaiting) { _waitSkipped.Cancel(); return CommandResults.Success(); }
            if (!_idle.Task.IsCompleted) return CommandResults.Failure($"Resource '{id}' is running.");
            if (_startAsked.CurrentCount > 0) return CommandResults.Success();      // asked before, and about to be heard
            // Whoever asks next sees that it is on its way and not how it ended last time.
            Publish(s => s with { State = KnownResourceStates.Starting, ExitCode = null, HealthStatus = null });
            _startAsked.Release();
            return CommandResults.Success();
        }
    }

    public async Task<ExecuteCommandResult> RestartAsync(CancellationToken cancellation)
    {
        await StopAsync(cancellation);
        return Start();
    }

    /// <summary>Stops it, and comes back when it has ended.</summary>
    public async Task<ExecuteCommandResult> StopAsync(CancellationToken cancellation)
    {
        Task idle;
        lock (_gate)
        {
            _stopAsked.Cancel();
            idle = _idle.Task;
        }
        await idle.WaitAsync(cancellation);
        return CommandResults.Success();
    }

    private async Task LoopAsync()
    {
        var isFirst = true;
        try
        {
            while (!_end.IsCancellationRequested)
            {
                if (!isFirst || resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
                {
                    if (isFirst) Publish(s => s with { State = KnownResourceStates.NotStarted });
                    _idle.TrySetResult();
                    await _startAsked.WaitAsync(_end.Token);
                }
                lock (_gate)
                {
                    if (_idle.Task.IsCompleted) _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    _waitSkipped.Dispose();
                    _stopAsked.Dispose();
                    _stopAsked = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
                    _waitSkipped = CancellationTokenSource.CreateLinkedTokenSource(_stopAsked.Token);
                }
                await LiveAsync(isFirst, _stopAsked.Token);
                isFirst = false;
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The end of the application while nothing ran.
        }
        finally
        {
            _idle.TrySetResult();
        }
    }

    // From a start to a stop, through any number of crashes.
    private async Task LiveAsync(bool isFirst, CancellationToken stop)
    {
        try
        {
            await services.Events.ConnectionStringAvailableAsync(resource, isFirst);
            await WaitForOthersAsync(stop);
            await services.Events.BeforeStartAsync(resource, isFirst);
            var backoff = new Backoff();
            while (await RunOnceAsync(backoff, stop)) _starts++;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Publish(s => s with { State = EndState, HealthStatus = null, StopTimeStamp = DateTime.UtcNow });
        }
        catch (NoContainerEngineException e)
        {
            Fail(e.Message, [], KnownResourceStates.RuntimeUnhealthy);
        }
        catch (Exception e)
        {
            // Callbacks of the AppHost run in here too: whatever goes wrong is this resource's failure and nobody else's.
            Fail(e.Message, []);
        }
    }

    private async Task WaitForOthersAsync(CancellationToken stop)
    {
        var waits = Dependencies.Of(resource).ToList();
        if (waits.Count == 0) return;

        foreach (var wait in waits) Log.WaitingFor(wait.Resource.Name, wait.WaitType);
        Publish(s => s with { State = KnownResourceStates.Waiting });
        lock (_gate) _isWaiting = true;
        try
        {
            await services.Notifications.WaitForDependenciesAsync(resource, _waitSkipped.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Somebody said "start" and does not want to wait.
        }
        finally
        {
            lock (_gate) _isWaiting = false;
        }
    }

    /// <returns>Whether to start again.</returns>
    private async Task<bool> RunOnceAsync(Backoff backoff, CancellationToken stop)
    {
        readiness.Starting(index);
        Publish(s => s with
        {
            State = KnownResourceStates.Starting, ExitCode = null, HealthStatus = null, HealthReports = [], Ready = null, Restarts = _starts,
        });
        foreach (var note in resource.Annotations.OfType<EmbeddedNoteAnnotation>()) Log.Note(note.Text);
        var replica = new ReplicaContext
        {
            ExecutionContext = services.ExecutionContext, Caller = resource, ReplicaIndex = index, InstanceId = instanceId,
        };
        var (plan, given) = await services.Launcher.PlanAsync(resource, replica, Log, stop);

        var started = Stopwatch.GetTimestamp();
        var child = await ChildProcess.StartAsync(plan, (line, isError) => services.Logs.Write(resource, id, line, isError));
        Publish(s => Running(s, child, plan, given));

        using var watching = new CancellationTokenSource();
        var health = WatchHealthAsync(watching.Token);
        try
        {
            await child.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Publish(s => s with { State = KnownResourceStates.Stopping });
            await child.StopAsync(IsServer ? ServerGrace : ProcessGrace);
        }
        await watching.CancelAsync();
        await health;
        var again = AfterExit(child, Stopwatch.GetElapsedTime(started), backoff, stop);
        await services.Events.StoppedAsync(resource, id);
        if (again is not { } delay) return false;
        await Task.Delay(delay, stop);
        return true;
    }

    /// <returns>After which delay to start again; null: not at all.</returns>
    private TimeSpan? AfterExit(ChildProcess child, TimeSpan up, Backoff backoff, CancellationToken stop)
    {
        var ended = new ResourceStateSnapshot(EndState, child.ExitCode == 0 ? null : KnownResourceStateStyles.Error);
        if (stop.IsCancellationRequested || child.ExitCode == 0 || !IsRestarted())
        {
            Publish(s => Ended(s, child.ExitCode) with { State = ended });
            if (!stop.IsCancellationRequested && child.ExitCode != 0)
                services.Voice.Trouble($"{id} ended with exit code {child.ExitCode}. Its last lines:", services.Logs.Tail(id, TailLines));
            return null;
        }
        if (IsServer && !readiness.HasBeenReady)
        {
            // Its port or its folder is not to be had; starting again would only say so again.
            Publish(s => Ended(s, child.ExitCode));
            var what = resource.Annotations.OfType<EmbeddedServerAnnotation>().Last().What;
            Fail($"the {what} ended with exit code {child.ExitCode} before it was ready. Its last lines:",
                services.Logs.Tail(id, TailLines));
            return null;
        }

        var delay = backoff.Next(up);
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{id} ended with exit code {child.ExitCode} after {up.TotalSeconds:0.0} s; starting it again in {delay.TotalSeconds:0.#} s.");
        Log.Failed(line);
        services.Voice.Trouble(line, ++_troubles <= TroubleWithTail ? services.Logs.Tail(id, TailLines + 1).SkipLast(1).ToList() : []);
        Publish(s => Ended(s, child.ExitCode) with { State = new ResourceStateSnapshot(Restarting, KnownResourceStateStyles.Warn) });
        return delay;
    }

    // Programs that somebody waits for to end are meant to end; other executables are not ours to judge.
    private bool IsRestarted() =>
        resource is ProjectResource or ContainerResource &&
        !services.Notifications.Current().SelectMany(e => Dependencies.Of(e.Resource))
            .Any(w => w.Resource == resource && w.WaitType == WaitType.WaitForCompletion);

    private void Fail(string problem, IReadOnlyList<string> lastLines, string? state = null)
    {
        var line = problem.StartsWith(resource.Name + ":", StringComparison.Ordinal) ? problem : $"{resource.Name}: {problem}";
        Log.Failed(line);
        services.Voice.Trouble(line, lastLines);
        Publish(s => s with
        {
            State = new ResourceStateSnapshot(state ?? KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error), StopTimeStamp = DateTime.UtcNow,
        });
        if (IsServer) services.Fatal(line);
    }

    private async Task WatchHealthAsync(CancellationToken cancellation)
    {
        try
        {
            await services.Health.WatchAsync(resource, index, async (status, reports) =>
            {
                if (status != HealthStatus.Unhealthy) await ReadyAsync(status, reports);
                else Publish(s => s with { HealthStatus = status, HealthReports = reports });
            }, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The process has ended, or is about to.
        }
    }

    private async Task ReadyAsync(HealthStatus status, ImmutableArray<HealthReportSnapshot> reports)
    {
        Publish(s => s with { HealthStatus = status, HealthReports = reports, Ready = readiness.Told });
        if (status == HealthStatus.Healthy) await readiness.HealthyAsync(index);
    }

    private void Publish(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        _ = services.Notifications.PublishUpdateAsync(resource, id, change);

    // What people wrote, beside what it became.
    private IEnumerable<ResourcePropertySnapshot> Source()
    {
        if (resource is ProjectResource project) yield return new("project.path", project.GetProjectMetadata().ProjectPath);
        if (resource.TryGetContainerImageName(out var image)) yield return new("container.image", image);
    }

    private static CustomResourceSnapshot Ended(CustomResourceSnapshot s, int exitCode) =>
        s with { ExitCode = exitCode, HealthStatus = null, HealthReports = [], StopTimeStamp = DateTime.UtcNow };

    private CustomResourceSnapshot Running(
        CustomResourceSnapshot s, ChildProcess child, LaunchPlan plan, IReadOnlyDictionary<string, string> given) => s with
    {
        State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
        StartTimeStamp = DateTime.UtcNow,
        StopTimeStamp = null,
        EnvironmentVariables =
        [
            .. given.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => new EnvironmentVariableSnapshot(v.Key, v.Value, IsFromSpec: true)),
        ],
        Properties =
        [
            .. Source(),
            new("executable.path", plan.FileName),
            new("executable.workDir", plan.WorkingDirectory),
            new("executable.args", string.Join(' ', plan.Args)),
            new("executable.pid", child.Id),
        ],
    };
}
