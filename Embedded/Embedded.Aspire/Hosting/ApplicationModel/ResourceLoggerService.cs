using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Embedded.Aspire.Running;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One line of a resource's log.</summary>
/// <param name="LineNumber">Counts from 1 for each resource.</param>
/// <param name="Content">Time stamp (UTC), space, text.</param>
/// <param name="IsErrorMessage">Whether it came from standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps the last lines of every resource's log, and passes on new ones.</summary>
public class ResourceLoggerService
{
    private readonly ILoggerFactory? _loggers;
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Without an AppHost whose log the lines could go to as well.</summary>
    public ResourceLoggerService() { }

    internal ResourceLoggerService(ILoggerFactory loggers) => _loggers = loggers;

    /// <summary>Where the host, or an integration, writes about a resource.</summary>
    public ILogger GetLogger(IResource resource) => GetLogger(resource.Name);

    /// <summary>Where the host, or an integration, writes about a resource.</summary>
    public ILogger GetLogger(string resourceName) => new LogWriter([LogOf(resourceName)]);

    /// <summary>The lines so far, then every new one.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    /// <summary>The lines so far, then every new one.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => LogOf(resourceName).WatchAsync();

    /// <summary>The lines so far.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => GetAllAsync(resource.Name);

    /// <summary>The lines so far.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        await Task.CompletedTask;
        yield return LogOf(resourceName).Lines();
    }

    /// <summary>No more lines will come.</summary>
    public void Complete(IResource resource) => Complete(resource.Name);

    /// <summary>No more lines will come.</summary>
    public void Complete(string name) => LogOf(name).Complete();

    /// <summary>Forgets the lines so far.</summary>
    public void ClearBacklog(string resourceName) => LogOf(resourceName).Clear();

    /// <summary>Has the log of a replica found under its id: the resource's own log when it is the only one.</summary>
    internal void SetReplicaIds(IResource resource, IReadOnlyList<string> ids)
    {
        foreach (var id in ids) _logs[id] = ids.Count == 1 ? LogOf(resource.Name) : new ResourceLog();
    }

    /// <summary>Writes a line that a process wrote to the log of its replica and, with those of the others, to that of the resource.</summary>
    internal void Write(IResource resource, string replicaId, string text, bool isError)
    {
        foreach (var log in LogsOf(resource, replicaId)) log.Add(text, isError);
    }

    /// <summary>Where the host writes about one replica.</summary>
    internal ILogger GetLogger(IResource resource, string replicaId) => new LogWriter(LogsOf(resource, replicaId));

    /// <summary>The last lines as people want to read them: without time stamps.</summary>
    internal IReadOnlyList<string> Tail(string name, int count) =>
        [.. LogOf(name).Lines().TakeLast(count).Select(l => l.Content[(l.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..])];

    /// <summary>Writes the lines of a resource to the AppHost's own log as well.</summary>
    internal void Forward(IResource resource, string applicationName)
    {
        if (_loggers is not null) LogOf(resource.Name).Forward = _loggers.CreateLogger($"{applicationName}.Resources.{resource.Name}");
    }

    private ResourceLog[] LogsOf(IResource resource, string replicaId)
    {
        var (all, own) = (LogOf(resource.Name), LogOf(replicaId));
        return own == all ? [all] : [all, own];
    }

    private ResourceLog LogOf(string name) => _logs.GetOrAdd(name, _ => new ResourceLog());

    private sealed class ResourceLog
    {
        private const int BacklogLines = 10_000;
        private readonly Lock _gate = new();
        private readonly Queue<LogLine> _backlog = [];
        private readonly List<Channel<LogLine>> _watchers = [];
        private int _count;
        private bool _completed;

        public ILogger? Forward { get; set; }

        public void Add(string text, bool isError)
        {
            lock (_gate)
            {
                var stamp = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffffffK", CultureInfo.InvariantCulture);
                var line = new LogLine(++_count, $"{stamp} {text}", isError);
                _backlog.Enqueue(line);
                if (_backlog.Count > BacklogLines) _backlog.Dequeue();
                foreach (var watcher in _watchers) watcher.Writer.TryWrite(line);
            }
            if (Forward is { } log) log.ResourceLine(isError ? LogLevel.Error : LogLevel.Information, text);
        }

        public IReadOnlyList<LogLine> Lines() { lock (_gate) return [.. _backlog]; }

        public void Clear() { lock (_gate) _backlog.Clear(); }

        public void Complete()
        {
            lock (_gate)
            {
                _completed = true;
                foreach (var watcher in _watchers) watcher.Writer.TryComplete();
            }
        }

        public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            // A watcher that falls behind loses the oldest lines, as the backlog does.
            var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(BacklogLines) { FullMode = BoundedChannelFullMode.DropOldest });
            IReadOnlyList<LogLine> backlog;
            lock (_gate)
            {
                backlog = [.. _backlog];
                _watchers.Add(channel);
                if (_completed) channel.Writer.TryComplete();
            }
            try
            {
                if (backlog.Count > 0) yield return backlog;
                while (await channel.Reader.WaitToReadAsync(cancellationToken))
                {
                    var lines = new List<LogLine>();
                    while (channel.Reader.TryRead(out var line)) lines.Add(line);
                    if (lines.Count > 0) yield return lines;
                }
            }
            finally
            {
                lock (_gate) _watchers.Remove(channel);
            }
        }
    }

    private sealed class LogWriter(ResourceLog[] logs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel > LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var text = formatter(state, exception);
            foreach (var log in logs) log.Add(exception is null ? text : $"{text} {exception.Message}", logLevel >= LogLevel.Error);
        }
    }
}
