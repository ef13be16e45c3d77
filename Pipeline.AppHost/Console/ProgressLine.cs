using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

/// <summary>One line on the console that tells how far the run is: sent, inferred, stored, per second, accuracy so far.</summary>
/// <remarks>
/// Asks analytics, which asks the broker and the store; a terminal sees the line change, a log file a new line when something happened.
/// </remarks>
internal sealed class ProgressLine(EndpointReference analytics, PipelineOptions options, Terminal terminal) : BackgroundService
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = TimeProvider.System;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri(await UrlAsync(stoppingToken)), Timeout = TimeSpan.FromSeconds(10) };
        var expected = (long)options.Images * options.CameraNames().Count;
        var rate = new Rate(_time);
        using var timer = new PeriodicTimer(TerminalInterval, _time);
        var shownAt = _time.GetTimestamp();
        var isIntroduced = false;

        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (await TryReadAsync(http, stoppingToken) is not { } now)
            {
                continue;
            }

            if (now.Detail is { } trouble)
            {
                if (isIntroduced && (terminal.CanRewrite || _time.GetElapsedTime(shownAt) >= LogInterval))
                {
                    terminal.WriteStatus(trouble);
                    shownAt = _time.GetTimestamp();
                }
                continue;
            }

            if (!isIntroduced)
            {
                terminal.WriteLine(now.Introduction(options));
                isIntroduced = true;
            }

            var perSecond = rate.Observe(now);
            if (expected > 0 && now.IsComplete(expected))
            {
                terminal.WriteStatus("");
                terminal.WriteLine(now.Summary());
                return;
            }

            if (terminal.CanRewrite || _time.GetElapsedTime(shownAt) >= LogInterval)
            {
                terminal.WriteStatus(now.Line(perSecond));
                shownAt = _time.GetTimestamp();
            }
        }
    }

    private async Task<string> UrlAsync(CancellationToken stoppingToken) =>
        await analytics.GetValueAsync(stoppingToken) ?? throw new UnreachableException("An allocated endpoint has an address.");

    // Analytics may still be starting, or restarting; the line waits for it.
    private static async Task<Progress?> TryReadAsync(HttpClient http, CancellationToken stoppingToken)
    {
        try
        {
            using var answer = await http.GetAsync("/api/progress", stoppingToken);
            return await answer.Content.ReadFromJsonAsync<Progress>(JsonSerializerOptions.Web, stoppingToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException
            || (exception is TaskCanceledException && !stoppingToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Images per second over the last few seconds; at first, since the first picture was taken.</summary>
    private sealed class Rate(TimeProvider time)
    {
        // Analytics' own figures jump twice a second.
        private static readonly TimeSpan Window = TimeSpan.FromSeconds(4);

        private long _count;
        private DateTimeOffset? _from;
        private double? _perSecond;

        public double Observe(Progress progress)
        {
            var now = time.GetUtcNow();
            _from ??= progress.FirstCapturedAt;
            if (_from is not { } from || now <= from)
            {
                return 0;
            }

            var current = (progress.Inferred - _count) / (now - from).TotalSeconds;
            if (now - from >= Window)
            {
                (_count, _from, _perSecond) = (progress.Inferred, now, current);
            }

            return _perSecond ?? current;
        }
    }

    /// <summary>What <c>GET /api/progress</c> of Pipeline.Analytics answers.</summary>
    /// <param name="Standing">Who has not moved for a while although records wait, in words.</param>
    /// <param name="Detail">Of a problem that is answered instead, such as a broker that is away.</param>
    private readonly record struct Progress(
        long Sent, long Inferred, long Stored, long DeadLettered, double? AccuracyPercent, DateTimeOffset? FirstCapturedAt,
        DateTimeOffset? LastStoredAt,
        long Earlier, string? Pictures, IReadOnlyList<string>? Standing, string? Detail)
    {
        /// <summary>What runs, and what was there before.</summary>
        public string Introduction(PipelineOptions options)
        {
            var count = options.CameraNames().Count;
            var cameras = count == 0
                ? "No camera of its own: POST /images/NAME at the producer takes pictures from devices"
                : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "camera shows" : "cameras show")} {Pictures}");
            return Earlier == 0 ? cameras : string.Create(CultureInfo.InvariantCulture,
                $"{cameras}. {(options.Servers == Servers.Embedded ? options.Data : "The store")} holds {Earlier:N0} images from earlier runs, which are not counted below.");
        }

        public bool IsComplete(long expected) => Inferred + DeadLettered >= expected && Stored + DeadLettered >= expected;

        public string Line(double perSecond) => string.Create(CultureInfo.InvariantCulture,
            $"sent {Sent:N0}  inferred {Inferred:N0}  stored {Stored:N0}  {perSecond:N0} images/s{Share()}{Rejected()}{StandingStill()}");

        public string Summary()
        {
            var seconds = (LastStoredAt - FirstCapturedAt)?.TotalSeconds ?? 0;
            var perSecond = seconds > 0 ? Stored / seconds : 0;
            return string.Create(CultureInfo.InvariantCulture,
                $"Done: {Stored:N0} images stored with their predictions in {seconds:N2} s, first sent to last stored ({perSecond:N0} images/s){Share()}{Rejected()}. Ctrl-C stops.");
        }

        private string Share() => AccuracyPercent is { } percent ? string.Create(CultureInfo.InvariantCulture, $"  accuracy {percent:N2} %") : "";

        private string StandingStill() => Standing is { Count: > 0 } ? $"  {string.Join("; ", Standing)}" : "";

        private string Rejected() => DeadLettered > 0 ? string.Create(CultureInfo.InvariantCulture, $"  dead letters {DeadLettered:N0}") : "";
    }
}
