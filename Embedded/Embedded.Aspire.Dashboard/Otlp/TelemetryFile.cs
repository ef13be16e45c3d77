using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>The requests that wait to be written. What does not fit is not written, and counted.</summary>
internal sealed class TelemetryFile(IOptions<TelemetryFileOptions> options)
{
    private const int MaxQueuedRequests = 1_024;
    private const long MaxQueuedBytes = 64 << 20;

    private readonly TaskCompletionSource _readBack = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<(OtlpSignal, PooledBytes)> _queue =
        Channel.CreateBounded<(OtlpSignal, PooledBytes)>(new BoundedChannelOptions(MaxQueuedRequests) { SingleReader = true });
    private long _queuedBytes;
    private long _lost;

    /// <summary>Null where no file is wanted.</summary>
    public string? Path { get; } = string.IsNullOrEmpty(options.Value.Path) ? null : options.Value.Path;

    /// <summary>Completes when the store holds what earlier runs left in the file.</summary>
    public Task ReadBack => Path is null ? Task.CompletedTask : _readBack.Task;

    /// <summary>Requests that could not be queued or written.</summary>
    public long LostCount => Interlocked.Read(ref _lost);

    public ChannelReader<(OtlpSignal Signal, PooledBytes Request)> Queue => _queue.Reader;

    /// <summary>Queues a request for the file; true if it is the file's from now on.</summary>
    public bool TryAppend(OtlpSignal signal, PooledBytes request)
    {
        if (Path is null) return false;
        var bytes = request.Length;
        if (Interlocked.Add(ref _queuedBytes, bytes) <= MaxQueuedBytes && _queue.Writer.TryWrite((signal, request))) return true;
        Interlocked.Add(ref _queuedBytes, -bytes);
        AddLost();
        return false;
    }

    public void Dequeued(int bytes) => Interlocked.Add(ref _queuedBytes, -bytes);

    public void AddLost() => Interlocked.Increment(ref _lost);

    public void ReadBackDone() => _readBack.TrySetResult();

    /// <summary>No more requests; the reader gets those that are queued.</summary>
    public void Complete() => _queue.Writer.TryComplete();
}
