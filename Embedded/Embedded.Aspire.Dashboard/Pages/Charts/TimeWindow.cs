namespace Embedded.Aspire.Dashboard.Pages.Charts;

/// <summary>The stretch of time that a chart shows, ending now, and the steps it is divided into.</summary>
/// <param name="Minutes">In the URL.</param>
/// <param name="StepSeconds">What happens within a step becomes one point; a window has some 150 of them.</param>
internal sealed record TimeWindow(int Minutes, string Name, int StepSeconds)
{
    public static readonly TimeWindow[] All =
    [
        new(1, "1 min", 1), new(5, "5 min", 2), new(15, "15 min", 6), new(30, "30 min", 12),
        new(60, "1 h", 30), new(180, "3 h", 60), new(360, "6 h", 120), new(720, "12 h", 300),
    ];

    public static TimeWindow Default => All[1];

    /// <summary>The window of so many minutes; the default where there is none such.</summary>
    public static TimeWindow Of(int? minutes) => Array.Find(All, window => window.Minutes == minutes) ?? Default;

    /// <summary>The ends of the steps, in Unix seconds, ascending. They are multiples of the step, so that a chart that moves on does not change its past.</summary>
    public long[] StepEnds(DateTimeOffset now)
    {
        var last = ((now.ToUnixTimeSeconds() / StepSeconds) + 1) * StepSeconds;
        var count = Minutes * 60 / StepSeconds;
        return [.. Enumerable.Range(0, count).Select(index => last - ((count - 1L - index) * StepSeconds))];
    }

    /// <summary>The first moment that matters to a chart: one reporting interval before the window, because a running total needs one before it.</summary>
    public DateTimeOffset From(DateTimeOffset now) => now.AddMinutes(-Minutes).AddSeconds(-Math.Max(StepSeconds, LongestReportSeconds));

    /// <summary>OpenTelemetry's own interval; programs under an AppHost report more often.</summary>
    private const int LongestReportSeconds = 60;
}
