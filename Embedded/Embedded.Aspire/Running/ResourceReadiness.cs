using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace Embedded.Aspire.Running;

/// <summary>
/// When a resource is ready: each of its replicas has been healthy, and everyone who wanted to know has been told. That is so once
/// for each start: when a replica starts again, it has to be healthy again.
/// </summary>
internal sealed class ResourceReadiness(int replicas, Func<TimeSpan, Task> onReady)
{
    private readonly HashSet<int> _healthy = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _told = New();
    private long _since = Stopwatch.GetTimestamp();

    /// <summary>Completes when those who asked for <see cref="ResourceReadyEvent"/> are through.</summary>
    public Task Told { get { lock (_gate) return _told.Task; } }

    /// <summary>Whether it was ready after any of its starts.</summary>
    public bool HasBeenReady { get; private set; }

    /// <summary>A replica starts.</summary>
    public void Starting(int replicaIndex)
    {
        lock (_gate)
        {
            _healthy.Remove(replicaIndex);
            if (!_told.Task.IsCompleted) return;
            _told = New();
            _since = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>A replica is healthy.</summary>
    public async Task HealthyAsync(int replicaIndex)
    {
        TaskCompletionSource told;
        lock (_gate)
        {
            if (!_healthy.Add(replicaIndex) || _healthy.Count != replicas || _told.Task.IsCompleted) return;
            told = _told;
            HasBeenReady = true;
        }
        try
        {
            await onReady(Stopwatch.GetElapsedTime(_since));
            told.TrySetResult();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            told.TrySetException(e);                    // those who wait for the resource learn of it
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
