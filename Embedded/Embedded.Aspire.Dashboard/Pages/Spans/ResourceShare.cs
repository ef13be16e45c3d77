using Embedded.Aspire.Dashboard.Pages.Display;
using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Pages.Spans;

/// <summary>What one resource had to do with a trace.</summary>
/// <param name="BusyNanoseconds">The time in which at least one of its spans ran; overlapping spans count once.</param>
internal sealed record ResourceShare(TelemetryResource Resource, int SpanCount, int ErrorCount, double BusyNanoseconds)
{
    /// <summary>In the order of the trace's first spans.</summary>
    public static IReadOnlyList<ResourceShare> Of(Trace trace)
    {
        var spans = trace.Spans.ToLookup(span => span.Resource);
        return [.. trace.Resources.Select(count => new ResourceShare(count.Resource, count.SpanCount, count.ErrorCount, Busy(spans[count.Resource])))];
    }

    private static double Busy(IEnumerable<Span> spans)
    {
        var (busy, until) = (0.0, 0UL);
        foreach (var span in spans.OrderBy(span => span.StartUnixNano))
        {
            if (span.EndUnixNano <= until) continue;
            busy += Durations.Between(Math.Max(span.StartUnixNano, until), span.EndUnixNano);
            until = span.EndUnixNano;
        }

        return busy;
    }
}
