using Embedded.Aspire.Dashboard.Pages.Charts;
using Embedded.Aspire.Dashboard.Pages.Filters;
using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Tests.Dashboard.Pages;

public sealed class InstrumentChartsTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeWindow Window = TimeWindow.Of(5);                             // steps of two seconds

    [Fact]
    public void A_counter_is_shown_as_what_it_counts_in_a_second()
    {
        var line = Charts(InstrumentKind.Sum, [Number(-8, 100), Number(-6, 120), Number(-4, 180)], isMonotonic: true)[0].Lines.Single();

        Assert.Equal([10, 30], line.Values.Where(double.IsFinite));
    }

    [Fact]
    public void A_counter_that_began_anew_counts_from_zero()
    {
        var line = Charts(InstrumentKind.Sum, [Number(-8, 100), Number(-4, 20, start: -6)], isMonotonic: true)[0].Lines.Single();

        Assert.Equal([10], line.Values.Where(double.IsFinite));
    }

    [Fact]
    public void A_counter_reported_once_a_minute_has_a_rate_too()
    {
        var line = Charts(InstrumentKind.Sum, [Number(-120, 600), Number(-60, 1_200)], isMonotonic: true)[0].Lines.Single();

        Assert.Equal([10], line.Values.Where(double.IsFinite));
    }

    [Fact]
    public void Deltas_are_rates_each_by_itself()
    {
        var line = Charts(InstrumentKind.Sum, [Number(-8, 30, start: -11), Number(-4, 8, start: -8)], isMonotonic: true, temporality: Temporality.Delta)[0].Lines.Single();

        Assert.Equal([10, 2], line.Values.Where(double.IsFinite));
    }

    [Fact]
    public void A_gauge_shows_the_last_value_of_each_step()
    {
        var line = Charts(InstrumentKind.Gauge, [Number(-7.9, 1), Number(-7.5, 2), Number(-3, 5)])[0].Lines.Single();

        Assert.Equal([2, 5], line.Values.Where(double.IsFinite));
        Assert.Equal(5, line.Last);
    }

    [Fact]
    public void A_histogram_shows_the_quantiles_of_what_was_measured_in_each_step()
    {
        var charts = Charts(InstrumentKind.Histogram, [Histogram(-8, 100, 0), Histogram(-6, 100, 10)]);

        Assert.Equal(["P50", "P90", "P99"], charts[0].Lines.Select(line => line.Name));
        Assert.Equal([1.5], charts[0].Lines[0].Values.Where(double.IsFinite));
        Assert.Equal([5], charts[1].Lines[0].Values.Where(double.IsFinite));
    }

    [Fact]
    public void Histograms_of_several_attributes_are_put_together()
    {
        var series = Series(InstrumentKind.Histogram,
            ("a", [Histogram(-8, 0, 0), Histogram(-6, 10, 0)]), ("b", [Histogram(-8, 0, 0), Histogram(-6, 0, 10)]));

        var together = InstrumentCharts.Of(series, Window, Now, []);
        var one = InstrumentCharts.Of(series, Window, Now, FieldFilter.ParseAll(["topic=b"]));

        Assert.Equal(1, together[0].Lines[0].Last);
        Assert.Equal(1.5, one[0].Lines[0].Last);
    }

    [Fact]
    public void Lines_are_named_by_what_tells_them_apart_and_the_smallest_are_added_up()
    {
        var series = Series(InstrumentKind.Gauge, [.. Enumerable.Range(0, 20).Select(number => ($"t{number:00}", new MetricPoint[] { Number(-4, number) }))]);

        var lines = InstrumentCharts.Of(series, Window, Now, [])[0].Lines;

        Assert.Equal(InstrumentCharts.MaxLines, lines.Count);
        Assert.Equal("t19", lines[0].Name);
        Assert.Equal(("13 others, added up", 78.0), (lines[^1].Name, lines[^1].Last));
    }

    [Fact]
    public void Of_the_exemplars_of_a_step_the_largest_is_shown()
    {
        var point = Number(-4, 1) with
        {
            Exemplars =
            [
                new(At(-4.1), 0.2, false, 0, new TraceId(1, 1), new SpanId(1), Attributes.None),
                new(At(-4.1), 0.9, false, 0, new TraceId(1, 2), new SpanId(2), Attributes.None),
                new(At(-4.1), 7.0, false, 0, default, default, Attributes.None),
            ],
        };

        var marks = Charts(InstrumentKind.Gauge, [point])[0].Exemplars;

        Assert.Equal([new TraceId(1, 2)], marks.Select(mark => mark.TraceId));
    }

    [Fact]
    public void Points_outside_the_window_are_left_out() =>
        Assert.True(Charts(InstrumentKind.Gauge, [Number(-3_600, 1), Number(3_600, 2)])[0].IsEmpty);

    [Theory]
    [InlineData("s", 0.0421, false, "42.1 ms")]
    [InlineData("s", 3, false, "3 s")]
    [InlineData("ms", 1_500, false, "1.5 s")]
    [InlineData("By", 3_145_728, false, "3 MiB")]
    [InlineData("{image}", 12, true, "12 image/s")]
    [InlineData("s", 0.8, true, "0.8 s/s")]
    [InlineData("1", 0.25, false, "0.25")]
    [InlineData("", 1_234_567, false, "1,234,567")]
    public void Values_are_said_in_the_unit_that_fits_the_largest(string unit, double value, bool isRate, string text) =>
        Assert.Equal(text, ChartUnit.For(unit, value, isRate).Text(value));

    private static IReadOnlyList<Chart> Charts(InstrumentKind kind, MetricPoint[] points, bool isMonotonic = false, Temporality temporality = Temporality.Cumulative)
    {
        var series = Series(kind, ("a", points));
        return InstrumentCharts.Of(series with { Instrument = series.Instrument with { IsMonotonic = isMonotonic, Temporality = temporality } }, Window, Now, []);
    }

    private static MetricSeries Series(InstrumentKind kind, params (string Topic, MetricPoint[] Points)[] dimensions) => new(
        new Instrument(ASpan.Web, InstrumentationScope.Unknown, "work", "1", "", kind, Temporality.Cumulative),
        [.. dimensions.Select(dimension => new MetricDimension(Attributes.Of(("topic", dimension.Topic)), dimension.Points))], 0);

    private static NumberPoint Number(double at, double value, double start = -100_000) => new(At(start), At(at), 0, [], value, false, 0);

    // Buckets up to 1, up to 2, above.
    private static HistogramPoint Histogram(double at, ulong low, ulong middle) =>
        new(At(-100_000), At(at), 0, [], low + middle, low + middle, null, null, [1.0, 2.0], [low, middle, 0]);

    private static ulong At(double seconds) => UnixNano.FromTime(Now.AddSeconds(seconds));
}
