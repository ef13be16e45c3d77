namespace Embedded.Aspire.Dashboard.Pages.Charts;

/// <summary>A line of a chart.</summary>
/// <param name="Values">One for each step of the window; NaN where nothing was reported.</param>
public sealed record Line(string Name, double[] Values)
{
    /// <summary>The newest value; NaN when there is none.</summary>
    public double Last => Values.LastOrDefault(double.IsFinite, double.NaN);
}

/// <summary>A measurement that leads to the trace it was made in.</summary>
public sealed record ExemplarMark(ulong TimeUnixNano, double Value, Telemetry.TraceId TraceId, Telemetry.SpanId SpanId);

/// <summary>What is drawn: lines over the steps of a window, all in one unit.</summary>
/// <param name="StepEnds">Unix seconds, ascending.</param>
public sealed record Chart(string Title, long[] StepEnds, IReadOnlyList<Line> Lines, ChartUnit Unit, IReadOnlyList<ExemplarMark> Exemplars)
{
    public bool IsEmpty => Lines.All(line => !double.IsFinite(line.Last));

    public static Chart Of(string title, long[] stepEnds, IReadOnlyList<Line> lines, string unit, bool isRate, IReadOnlyList<ExemplarMark>? exemplars = null)
    {
        var largest = lines.SelectMany(line => line.Values).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return new Chart(title, stepEnds, lines, ChartUnit.For(unit, largest, isRate), exemplars ?? []);
    }
}
