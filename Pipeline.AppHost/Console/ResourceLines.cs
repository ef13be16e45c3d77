using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

/// <summary>A line for each resource that is ready, and for each that ended with an error what it said last.</summary>
internal sealed class ResourceLines(
    ResourceNotificationService notifications, ResourceLoggerService logs, Terminal terminal, IConfiguration configuration,
    IHostApplicationLifetime lifetime)
    : ResourceWatcher(lifetime)
{
    private const int QuotedLines = 10;

    /// <summary>The log of a program that is already starting again does not end.</summary>
    private static readonly TimeSpan LogLimit = TimeSpan.FromSeconds(1);

    private const string DashboardName = "aspire-dashboard";

    /// <summary>How lines of Aspire's own begin, which are no part of what a program said.</summary>
    private static readonly string[] AspiresOwn = ["[sys] ", "Waiting for resource ", "Finished waiting for resource ",
        "No custom certificate authorities "];

    /// <summary>The latest start or end that was told, by resource id.</summary>
    private readonly Dictionary<string, string> _told = [];

    /// <summary>What was quoted last, by the name that people read.</summary>
    private readonly Dictionary<string, string> _quoted = [];

    protected override async Task WatchAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            if (IsEnd(change.Snapshot))
            {
                await TellEndAsync(change, stoppingToken);
            }
            else if (IsReady(change))
            {
                var wasUnhealthy = _told.GetValueOrDefault(change.ResourceId) == Word(change, "unhealthy");
                if (IsNews(change, "ready"))
                {
                    TellReady(change, wasUnhealthy);
                }
            }
            else if (IsUnhealthy(change) && IsNews(change, "unhealthy"))
            {
                terminal.WriteTrouble($"{change.Resource.Name} is unhealthy.", await HealthReasons.OfAsync(change.Snapshot, stoppingToken));
            }
        }
    }

    private static bool IsReady(ResourceEvent change) =>
        change.Snapshot is { State.Text: var state, HealthStatus: HealthStatus.Healthy } && state == KnownResourceStates.Running
        && change.Resource is ProjectResource or ContainerResource or ExecutableResource;

    /// <summary>No longer healthy: while it starts, everything is unhealthy.</summary>
    private bool IsUnhealthy(ResourceEvent change) =>
        change.Snapshot is { State.Text: var state, HealthStatus: HealthStatus.Unhealthy } && state == KnownResourceStates.Running
        && _told.GetValueOrDefault(change.ResourceId) == Word(change, "ready");

    private static bool IsEnd(CustomResourceSnapshot snapshot) =>
        snapshot.State?.Text == KnownResourceStates.FailedToStart
        || (KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text ?? "") && snapshot.ExitCode is not (null or 0));

    /// <summary>Notifications repeat; each start and each end is told once.</summary>
    private bool IsNews(ResourceEvent change, string what)
    {
        var word = Word(change, what);
        if (_told.GetValueOrDefault(change.ResourceId) == word)
        {
            return false;
        }

        _told[change.ResourceId] = word;
        return true;
    }

    private static string Word(ResourceEvent change, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} {change.Snapshot.StartTimeStamp:O}");

    private void TellReady(ResourceEvent change, bool wasUnhealthy)
    {
        if (wasUnhealthy)
        {
            terminal.WriteLine($"{change.Resource.Name} is healthy again.");
            return;
        }

        if (change.Resource.Name == DashboardName)
        {
            terminal.WriteLine($"Login to the dashboard at {configuration["ASPNETCORE_URLS"]}/login?t={configuration["AppHost:BrowserToken"]}");
        }

        if (change.Snapshot.IsHidden)
        {
            return;
        }

        var urls = change.Snapshot.Urls.Where(url => !url.IsInactive).ToArray();
        var address = urls.Length == 0 ? "" : urls[0].Url.Replace("tcp://", "", StringComparison.Ordinal);
        terminal.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{change.Resource.Name,-12} {KindOf(change.Resource),-16} {address,-28} ready after {SecondsSinceStart:N1} s"));
        foreach (var page in urls.Where(url => url.DisplayProperties.DisplayName.Length > 0))
        {
            terminal.WriteLine($"{page.DisplayProperties.DisplayName}: {page.Url}");
        }
    }

    private async Task TellEndAsync(ResourceEvent change, CancellationToken stoppingToken)
    {
        // An embedded server ends where its program does; the program has the log.
        if ((change.Resource is ContainerResource container && EmbeddedProcessAnnotation.Replaces(container)) || !IsNews(change, "end"))
        {
            return;
        }

        var name = NameOf(change.Resource);
        var lines = await LastLinesAsync(change.ResourceId, stoppingToken);
        var headline = change.Snapshot.ExitCode is { } code
            ? string.Create(CultureInfo.InvariantCulture, $"{name} ended with exit code {code}.")
            : $"{name} could not be started.";
        // A program that fails again for the same reason is not quoted again.
        var quote = string.Join('\n', lines);
        terminal.WriteTrouble(headline, _quoted.GetValueOrDefault(name) == quote ? [] : lines);
        _quoted[name] = quote;
    }

    private async Task<IReadOnlyList<string>> LastLinesAsync(string resourceId, CancellationToken stoppingToken)
    {
        var last = new ConcurrentQueue<string>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        try
        {
            await ReadLogAsync(resourceId, last, patience.Token).WaitAsync(LogLimit, stoppingToken);
        }
        catch (TimeoutException)
        {
            // What has been read is what there is to quote.
        }
        finally
        {
            await patience.CancelAsync();
        }

        return [.. last];
    }

    private async Task ReadLogAsync(string resourceId, ConcurrentQueue<string> last, CancellationToken cancellationToken)
    {
        await foreach (var batch in logs.GetAllAsync(resourceId).WithCancellation(cancellationToken))
        {
            foreach (var line in batch.Select(line => LogText.Plain(line.Content)).Where(IsOfProgram))
            {
                last.Enqueue(line);
                if (last.Count > QuotedLines)
                {
                    last.TryDequeue(out _);
                }
            }
        }
    }

    private static bool IsOfProgram(string line) => line.Length > 0 && !AspiresOwn.Any(own => line.StartsWith(own, StringComparison.Ordinal));

    private static string KindOf(IResource resource) => resource switch
    {
        ProjectResource => "service",
        ContainerResource container when EmbeddedProcessAnnotation.Replaces(container) => "embedded server",
        ContainerResource => "container",
        _ => "program",
    };

    private static double SecondsSinceStart
    {
        get
        {
            using var self = Process.GetCurrentProcess();
            return (TimeProvider.System.GetUtcNow() - self.StartTime.ToUniversalTime()).TotalSeconds;
        }
    }
}
