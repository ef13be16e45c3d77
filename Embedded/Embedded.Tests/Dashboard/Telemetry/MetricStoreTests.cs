using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Tests.Dashboard.Telemetry;

public sealed class MetricStoreTests
{
    private readonly MetricStore _store = new(new TelemetryLimits { MaxMetricsCount = 3, MaxDimensionsPerInstrument = 2, MaxInstrumentsPerResource = 2 });

    [Fact]
    public void Points_are_found_by_window_and_attributes()
    {
        for (var time = 1ul; time <= 5; time++) _store.Add([Sample.Metric("load", time, time * 10)]);
        _store.Add([Sample.Metric("load", 4, 1, color: "blue")]);

        var series = _store.Series(Sample.Resource(), "Pipeline", "load", fromUnixNano: 4, toUnixNano: 4)!;
        Assert.Equal([("red", 40.0), ("blue", 1.0)], series.Dimensions.Select(dimension => (dimension.Attributes["color"].AsString!, ((NumberPoint)Assert.Single(dimension.Points)).Value)));
        Assert.Equal(3, _store.Series(Sample.Resource(), "Pipeline", "load")!.Dimensions[0].Points.Count);
        Assert.Equal((4L, 2L), (_store.Counters.Kept, _store.Counters.Evicted));
        Assert.Null(_store.Series(Sample.Resource(), "Pipeline", "unheard of"));
    }

    [Fact]
    public void The_order_of_attributes_does_not_matter()
    {
        var instrument = new Instrument(Sample.Resource(), Sample.Scope, "load", "", "", InstrumentKind.Gauge);
        _store.Add([new(instrument, [new(Attributes.Of(("a", 1L), ("b", 2L)), Point(1)), new(Attributes.Of(("b", 2L), ("a", 1L)), Point(2))])]);

        Assert.Equal(2, Assert.Single(_store.Series(Sample.Resource(), "Pipeline", "load")!.Dimensions).Points.Count);

        static NumberPoint Point(ulong time) => new(0, time, 0, [], 1, false, 0);
    }

    [Fact]
    public void Too_many_sets_of_attributes_or_instruments_are_rejected_and_said()
    {
        Assert.Equal(0, _store.Add([Sample.Metric("a", 1, 1, "red"), Sample.Metric("a", 1, 1, "green"), Sample.Metric("b", 1, 1)]).Rejected);

        Assert.Contains("MaxDimensionsPerInstrument", _store.Add([Sample.Metric("a", 1, 1, "blue")]).Problem, StringComparison.Ordinal);
        Assert.Contains("MaxInstrumentsPerResource", _store.Add([Sample.Metric("c", 1, 1)]).Problem, StringComparison.Ordinal);
        Assert.Equal(1, _store.Series(Sample.Resource(), "Pipeline", "a")!.DroppedDimensionCount);
        Assert.Equal(2, _store.Counters.Rejected);
    }

    [Fact]
    public void A_name_that_changes_its_kind_starts_anew()
    {
        _store.Add([Sample.Metric("load", 1, 1)]);
        var sum = Sample.Metric("load", 2, 2);
        _store.Add([sum with { Instrument = sum.Instrument with { Kind = InstrumentKind.Sum } }]);

        var series = _store.Series(Sample.Resource(), "Pipeline", "load")!;
        Assert.Equal(InstrumentKind.Sum, series.Instrument.Kind);
        Assert.Equal(2ul, Assert.Single(Assert.Single(series.Dimensions).Points).TimeUnixNano);
    }

    [Fact]
    public void Memory_is_bounded_by_bytes_too()
    {
        var store = new MetricStore(new TelemetryLimits { MaxMegabytesPerSignal = 1 });
        for (var time = 1ul; time <= 20_000; time++) store.Add([Sample.Metric("load", time, 1)]);

        Assert.InRange(store.Counters.Kept, 5_000, 15_000);
        Assert.Equal(20_000ul, store.Series(Sample.Resource(), "Pipeline", "load")!.Dimensions[0].Points[^1].TimeUnixNano);
    }

    [Fact]
    public void Clearing_a_resource_leaves_the_others()
    {
        _store.Add([Sample.Metric("a", 1, 1), Sample.Metric("a", 1, 1, resource: Sample.Resource("producer"))]);

        _store.Clear(Sample.Resource());

        Assert.Equal("producer", Assert.Single(_store.Instruments()).Resource.ServiceName);
        Assert.Equal(1, _store.Counters.Kept);
    }
}
