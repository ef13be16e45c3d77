using System.Reflection;
using Aspire.Hosting;
using Microsoft.Extensions.Hosting;

namespace Embedded.Aspire.Running;

/// <summary>
/// Lets a test run an AppHost's own entry point and take over at <c>Build</c>: the entry point waits there until the test builds,
/// and again in <c>Run</c> until the test is through. Flows with the call, so that several can be under way at once.
/// </summary>
internal sealed class EntryPointHook(Assembly? appHost, bool suspends,
    Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure, Action<DistributedApplicationBuilder> configured)
{
    private static readonly AsyncLocal<EntryPointHook?> Flowing = new();
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = New<DistributedApplicationBuilder>();
    private readonly TaskCompletionSource<DistributedApplication> _application = New<DistributedApplication>();
    private readonly TaskCompletionSource _build = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DistributedApplicationBuilder? _constructed;

    public static EntryPointHook? Current { get => Flowing.Value; set => Flowing.Value = value; }

    public Assembly? AppHostAssembly { get; } = appHost;

    /// <summary>Whether an entry point is held up; without one the application runs as always.</summary>
    public bool Suspends { get; } = suspends;

    /// <summary>The builder, once the entry point has described everything.</summary>
    public Task<DistributedApplicationBuilder> Builder => _builder.Task;

    /// <summary>The application, once it is built.</summary>
    public Task<DistributedApplication> Application => _application.Task;

    /// <summary>Called on the entry point's side.</summary>
    public void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings) => configure(options, settings);

    /// <summary>Called on the entry point's side.</summary>
    public void Constructed(DistributedApplicationBuilder builder) => configured(_constructed = builder);

    /// <summary>Called on the entry point's side; comes back when the test builds.</summary>
    public void Building()
    {
        _builder.TrySetResult(_constructed!);
        if (Suspends) Synchronously.Wait(_build.Task);
    }

    /// <summary>Called on the entry point's side.</summary>
    public void Built(DistributedApplication application) => _application.TrySetResult(application);

    /// <summary>Called on the entry point's side, in place of running: the test starts and stops.</summary>
    public Task WaitForEndAsync(CancellationToken cancellation) => _end.Task.WaitAsync(cancellation);

    /// <summary>Lets the entry point build.</summary>
    public void Build() => _build.TrySetResult();

    /// <summary>Lets the entry point end.</summary>
    public void End()
    {
        _build.TrySetResult();
        _end.TrySetResult();
    }

    /// <summary>The entry point has ended, by itself or with an error, before it came to <c>Build</c>.</summary>
    public void Failed(Exception reason)
    {
        _builder.TrySetException(reason);
        _application.TrySetException(reason);
    }

    private static TaskCompletionSource<T> New<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
