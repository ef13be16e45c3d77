using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

/// <summary>What servers and services log as an error, so that somebody has to act, such as a full disk, is on the console too.</summary>
internal sealed partial class ErrorLines(
    ResourceNotificationService notifications, ResourceLoggerService logs, Terminal terminal, TimeProvider time, IHostApplicationLifetime lifetime)
    : ResourceWatcher(lifetime)
{
    /// <summary>The same line is not said again before.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private const int MaxRemembered = 1_000;

    private readonly ConcurrentDictionary<string, long> _saidAt = [];

    protected override async Task WatchAsync(CancellationToken stoppingToken)
    {
        var reading = new Dictionary<string, Task>();
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            if (change.Resource is ProjectResource or ExecutableResource && !reading.ContainsKey(change.ResourceId))
            {
                var name = NameOf(change.Resource);
                reading.Add(change.ResourceId, ReadAsync(change.ResourceId, name, stoppingToken));
            }
        }
        await Task.WhenAll(reading.Values);
    }

    private async Task ReadAsync(string resourceId, string name, CancellationToken stoppingToken)
    {
        var isHead = false;                                  // the console formatter puts an error's text on the line after its category
        await foreach (var batch in logs.WatchAsync(resourceId).WithCancellation(stoppingToken))
        {
            foreach (var line in batch.Select(line => LogText.Plain(line.Content)))
            {
                if (ErrorHead().Match(line) is { Success: true } head)
                {
                    var text = head.Groups["text"].Value;
                    isHead = text.Length == 0;
                    Say(name, text);
                }
                else
                {
                    if (isHead)
                    {
                        Say(name, line.Trim());
                    }
                    isHead = false;
                }
            }
        }
    }

    private void Say(string name, string text)
    {
        var line = $"{name}: {text}";
        var now = time.GetTimestamp();
        if (text.Length == 0 || (_saidAt.TryGetValue(line, out var saidAt) && time.GetElapsedTime(saidAt, now) < Quiet))
        {
            return;
        }
        if (_saidAt.Count >= MaxRemembered)
        {
            _saidAt.Clear();
        }
        _saidAt[line] = now;
        terminal.WriteTrouble(line, []);
    }

    [GeneratedRegex(@"^(fail|crit): \S+\[\d+\] ?(?<text>.*)$")]
    private static partial Regex ErrorHead();
}
