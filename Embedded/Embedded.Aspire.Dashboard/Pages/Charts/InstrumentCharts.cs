using Embedded.Aspire.Dashboard.Pages.Display;
using Embedded.Aspire.Dashboard.Pages.Filters;
using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Pages.Charts;

/// <summary>
/// From the points of an instrument to charts: gauges as they are, counters as rates, histograms as quantiles with the rate of
/// measurements below. A step shows what changed between the last report before it and the last one in it.
/// </summary>
internal static class InstrumentCharts
{
    /// <summary>Lines of a chart, one for each set of attributes; those that are smallest are put together.</summary>
    public const int MaxLines = 8;

    private static readonly double[] Quantiles = [0.5, 0.9, 0.99];

    /// <param name="filters">On attributes of the points; a set of attributes that does not fit is left out.</param>
    public static IReadOnlyList<Chart> Of(MetricSeries series, TimeWindow window, DateTimeOffset now, IReadOnlyList<FieldFilter> filters)
    {
        var steps = new Steps(window, now);
        var dimensions = series.Dimensions.Where(dimension => filters.All(filter => filter.Holds(Text(dimension.Attributes[filter.Field])))).ToArray();
        var exemplars = Exemplars(dimensions, steps);
        var (name, unit) = (series.Instrument.Name, series.Instrument.Unit);
        switch (series.Instrument.Kind)
        {
            case InstrumentKind.Histogram or InstrumentKind.ExponentialHistogram:
                var (quantiles, rate) = QuantileLines(dimensions, steps, series.Instrument.Temporality);
                return [Chart.Of(name, steps.Ends, quantiles, unit, false, exemplars), Chart.Of("Measurements", steps.Ends, [rate], "1", true)];
            case InstrumentKind.Sum when series.Instrument.IsMonotonic:
                return [Chart.Of(name, steps.Ends, Largest(Named(dimensions, dimension => Rates(dimension, steps, series.Instrument.Temporality))), unit, true, exemplars)];
            case InstrumentKind.Summary:
                return [Chart.Of(name, steps.Ends, SummaryLines(dimensions, steps), unit, false)];
            default:
                return [Chart.Of(name, steps.Ends, Largest(Named(dimensions, dimension => Values(dimension, steps))), unit, false, exemplars)];
        }
    }

    private static string? Text(AttributeValue value) => value.Kind == AttributeKind.Empty ? null : value.ToString();

    private static double[] Values(MetricDimension dimension, Steps steps)
    {
        var values = steps.Nothing();
        foreach (var point in dimension.Points)
        {
            if (point is NumberPoint number && steps.Find(point) is >= 0 and var step) values[step] = number.Value;
        }

        return values;
    }

    /// <summary>Per second.</summary>
    private static double[] Rates(MetricDimension dimension, Steps steps, Temporality temporality)
    {
        var rates = steps.Nothing();
        foreach (var (step, from, to) in Intervals(dimension, steps, temporality))
        {
            var (end, start) = ((NumberPoint)to, from as NumberPoint);
            var isAnew = start is null || end.Value < start.Value;
            var seconds = Durations.Between(isAnew ? end.StartTimeUnixNano : start!.TimeUnixNano, end.TimeUnixNano) / 1e9;
            if (seconds > 0) rates[step] = (double.IsNaN(rates[step]) ? 0 : rates[step]) + ((end.Value - (isAnew ? 0 : start!.Value)) / seconds);
        }

        return rates;
    }

    private static (IReadOnlyList<Line> Quantiles, Line Rate) QuantileLines(MetricDimension[] dimensions, Steps steps, Temporality temporality)
    {
        var (merged, rate) = (new Distribution?[steps.Ends.Length], steps.Nothing());
        foreach (var dimension in dimensions)
        {
            foreach (var (step, from, to) in Intervals(dimension, steps, temporality))
            {
                var measured = from is null ? Distribution.Of(to) : Distribution.Of(to).Minus(Distribution.Of(from));
                var seconds = Durations.Between(from?.TimeUnixNano ?? to.StartTimeUnixNano, to.TimeUnixNano) / 1e9;
                merged[step] = merged[step]?.Plus(measured) ?? measured;
                if (seconds > 0) rate[step] = (double.IsNaN(rate[step]) ? 0 : rate[step]) + (measured.Count / seconds);
            }
        }

        return ([.. Quantiles.Select(q => new Line($"P{q * 100:0}", Array.ConvertAll(merged, measured => measured?.Quantile(q) ?? double.NaN)))], new Line("measurements", rate));
    }

    private static Line[] SummaryLines(MetricDimension[] dimensions, Steps steps)
    {
        var lines = new SortedDictionary<double, double[]>();
        foreach (var point in dimensions.SelectMany(dimension => dimension.Points).OfType<SummaryPoint>())
        {
            if (steps.Find(point) is not (>= 0 and var step)) continue;
            foreach (var (q, value) in point.Quantiles.Take(MaxLines))
            {
                if (!lines.TryGetValue(q, out var values)) lines.Add(q, values = steps.Nothing());
                values[step] = value;
            }
        }

        return [.. lines.Select(line => new Line(FormattableString.Invariant($"P{line.Key * 100:0.##}"), line.Value))];
    }

    /// <summary>
    /// What came in during each step: with running totals, the last total of the step and the one before it; else each point by itself.
    /// The total before the first is unknown, unless counting began within what is looked at.
    /// </summary>
    private static IEnumerable<(int Step, MetricPoint? From, MetricPoint To)> Intervals(MetricDimension dimension, Steps steps, Temporality temporality)
    {
        var points = dimension.Points;
        if (temporality == Temporality.Delta)
        {
            foreach (var point in points)
            {
                if (steps.Find(point) is >= 0 and var step) yield return (step, null, point);
            }

            yield break;
        }

        MetricPoint? before = null;
        for (var index = 0; index < points.Count; index++)
        {
            var (point, step) = (points[index], steps.Find(points[index]));
            if (index + 1 < points.Count && steps.Find(points[index + 1]) == step) continue;
            if (step >= 0 && (before is not null || point.StartTimeUnixNano >= points[0].TimeUnixNano || steps.Covers(point.StartTimeUnixNano)))
            {
                yield return (step, before, point);
            }

            before = point;
        }
    }

    /// <summary>Of each step the largest one: it is the slow and the big that people look for.</summary>
    private static ExemplarMark[] Exemplars(MetricDimension[] dimensions, Steps steps)
    {
        var marks = new ExemplarMark?[steps.Ends.Length];
        foreach (var exemplar in dimensions.SelectMany(dimension => dimension.Points).SelectMany(point => point.Exemplars))
        {
            if (exemplar.TraceId.IsEmpty || steps.Find(exemplar.TimeUnixNano) is not (>= 0 and var step)) continue;
            if (!(marks[step]?.Value >= exemplar.Value)) marks[step] = new(exemplar.TimeUnixNano, exemplar.Value, exemplar.TraceId, exemplar.SpanId);
        }

        return [.. marks.OfType<ExemplarMark>()];
    }

    /// <summary>A line is named by what tells it from the others.</summary>
    private static IEnumerable<Line> Named(MetricDimension[] dimensions, Func<MetricDimension, double[]> values)
    {
        var differing = dimensions.SelectMany(dimension => dimension.Attributes).GroupBy(attribute => attribute.Key)
            .Where(group => group.Count() < dimensions.Length || group.Select(attribute => attribute.Value).Distinct().Count() > 1)
            .Select(group => group.Key).ToArray();
        return dimensions.Select(dimension => new Line(Name(dimension.Attributes, differing), values(dimension)));
    }

    private static string Name(Attributes attributes, string[] keys)
    {
        var texts = keys.Select(key => Text(attributes[key])).OfType<string>();
        return string.Join(" · ", texts) is { Length: > 0 } name ? name : "value";
    }

    private static Line[] Largest(IEnumerable<Line> lines)
    {
        var sorted = lines.OrderByDescending(line => line.Values.Where(double.IsFinite).DefaultIfEmpty(double.NegativeInfinity).Average()).ToArray();
        if (sorted.Length <= MaxLines) return sorted;
        var others = new double[sorted[0].Values.Length];
        Array.Fill(others, double.NaN);
        foreach (var line in sorted[(MaxLines - 1)..])
        {
            for (var step = 0; step < others.Length; step++)
            {
                if (double.IsFinite(line.Values[step])) others[step] = (double.IsNaN(others[step]) ? 0 : others[step]) + line.Values[step];
            }
        }

        return [.. sorted[..(MaxLines - 1)], new Line($"{sorted.Length - MaxLines + 1} others, added up", others)];
    }

    /// <summary>The steps of a window, and which of them a moment falls into.</summary>
    private sealed class Steps
    {
        private readonly ulong _begin;
        private readonly ulong _length;

        public Steps(TimeWindow window, DateTimeOffset now)
        {
            Ends = window.StepEnds(now);
            _length = (ulong)window.StepSeconds * 1_000_000_000;
            _begin = ((ulong)Ends[0] * 1_000_000_000) - _length;
        }

        public long[] Ends { get; }

        public double[] Nothing()
        {
            var values = new double[Ends.Length];
            Array.Fill(values, double.NaN);
            return values;
        }

        public bool Covers(ulong unixNano) => unixNano >= _begin;

        public int Find(MetricPoint point) => Find(point.TimeUnixNano);

        /// <returns>−1 before the first step and after the last one.</returns>
        public int Find(ulong unixNano) => unixNano >= _begin && (unixNano - _begin) / _length is var step && step < (ulong)Ends.Length ? (int)step : -1;
    }
}
