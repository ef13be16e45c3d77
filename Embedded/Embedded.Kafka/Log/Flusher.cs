using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Embedded.Kafka.Log;

/// <summary>
/// Fsyncs what appends have made dirty, on a thread of its own: an fsync may take a second, and must not hold a pool thread.
/// With flush.on.ack one pass serves every acknowledgement that waits for it.
/// </summary>
internal sealed class Flusher : IDisposable
{
    private const long CheckpointIntervalMs = 1000;

    private readonly ConcurrentQueue<PartitionLog> _dirty = new();
    private readonly ConcurrentQueue<Action> _journals = new();
    private readonly AutoResetEvent _wanted = new(initialState: false);
    private readonly Lock _lock = new();
    private readonly Thread _thread;
    private readonly int _intervalMs;
    private readonly ILogger _log;
    private TaskCompletionSource _nextPass = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping;
    private bool _flushedSinceCheckpoint;
    private long _checkpointMs = Environment.TickCount64 - CheckpointIntervalMs;

    public Flusher(BrokerOptions options, ILogger log)
    {
        _intervalMs = options.FlushIntervalMs;
        _log = log;
        _thread = new Thread(Run) { IsBackground = true, Name = "kafka-flusher" };
    }

    /// <summary>Called now and then after something was flushed: writes the checkpoint.</summary>
    public Action? AfterPass { get; set; }

    /// <summary>From now on each pass makes this durable too: a journal, which knows itself whether there is anything to do.</summary>
    public void Watch(Action flush) => _journals.Enqueue(flush);

    public void Start() => _thread.Start();

    public void Add(PartitionLog log) => _dirty.Enqueue(log);

    /// <summary>Completes when everything appended before this call is on disk.</summary>
    /// <exception cref="IOException">An fsync failed; what it covered is not safe.</exception>
    public Task FlushAsync()
    {
        lock (_lock)
        {
            _wanted.Set();
            return _nextPass.Task;
        }
    }

    /// <summary>One last pass, then the thread ends.</summary>
    public void Stop()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        _wanted.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    public void Dispose()
    {
        Stop();
        _wanted.Dispose();
    }

    private void Run()
    {
        while (!_stopping)
        {
            _wanted.WaitOne(_intervalMs < 0 ? Timeout.Infinite : Math.Max(_intervalMs, 1));
            Pass();
        }

        Pass();
    }

    private void Pass()
    {
        TaskCompletionSource pass;
        lock (_lock)
        {
            (pass, _nextPass) = (_nextPass, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        Exception? failure = null;
        var flushed = 0;
        for (var left = _dirty.Count; left > 0 && _dirty.TryDequeue(out var log); left--, flushed++)
        {
            try
            {
                if (!log.IsDeleted)
                {
                    log.Flush();
                }
            }
            catch (IOException e)
            {
                failure = e;
                _log.PartitionOffline(e, log.Topic, log.Partition);
            }
        }

        try
        {
            foreach (var flush in _journals)
            {
                flush();
            }

            _flushedSinceCheckpoint |= flushed > 0;
            var nowMs = Environment.TickCount64;
            if (_flushedSinceCheckpoint && (_stopping || nowMs - _checkpointMs >= CheckpointIntervalMs))
            {
                // Not after every pass: with flush.on.ack there are hundreds a second, and the checkpoint may lag.
                AfterPass?.Invoke();
                (_flushedSinceCheckpoint, _checkpointMs) = (false, nowMs);
            }
        }
        catch (IOException e)
        {
            failure ??= e;
            _log.CheckpointFailed(e);
        }

        if (failure is null)
        {
            pass.SetResult();
        }
        else
        {
            pass.SetException(failure);
        }

        _ = pass.Task.Exception;                                             // nobody may be waiting, and that is no fault
    }
}
