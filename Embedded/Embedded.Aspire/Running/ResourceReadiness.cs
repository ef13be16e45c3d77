using Aspire.Hosting.ApplicationModel;

namespace Embedded.Aspire.Running;

/// <summary>When a resource is ready: each of its replicas has been healthy, and everyone who wanted to know has been told.</summary>
internal sealed class ResourceReadiness(int replicas, Func<Task> onReady)
{
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<int> _healthy = [];
    private readonly Lock _gate = new();

    public Task Told => _told.Task;

    public bool IsReady => _told.Task.IsCompleted;

    public async Task HealthyAsync(int replicaIndex)
    {
        lock (_gate)
        {
            if (!_healthy.Add(replicaIndex) || _healthy.Count != replicas) return;
        }
        try
        {
            await onReady();
            _told.TrySetResult();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _told.TrySetException(e);                   // those who wait for the resource learn of it
        }
    }
}
