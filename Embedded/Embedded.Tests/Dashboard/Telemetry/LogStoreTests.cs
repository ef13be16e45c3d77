using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Tests.Dashboard.Telemetry;

public sealed class LogStoreTests
{
    private readonly LogStore _store = new(new TelemetryLimits { MaxLogCount = 4 });

    [Fact]
    public void The_newest_records_are_kept_under_ids_that_only_grow()
    {
        for (var index = 1; index <= 6; index++) _store.Add([Sample.Log($"line {index}")]);

        Assert.Equal([(3L, "line 3"), (4, "line 4"), (5, "line 5"), (6, "line 6")], _store.Snapshot().Select(record => (record.Id, record.Message)));
        Assert.Equal(["line 5", "line 6"], _store.Query(new() { FromId = 5, NewestFirst = false }).Items.Select(record => record.Message));
        Assert.Equal(new SignalCounters(Received: 6, Kept: 4, Evicted: 2, Rejected: 0, Duplicates: 0, Ignored: 0), _store.Counters);
        Assert.Null(_store.Find(2));
        Assert.Equal("line 4", _store.Find(4)!.Message);
    }

    [Fact]
    public void Queries_filter_and_page()
    {
        var other = Sample.Resource("producer");
        _store.Add([Sample.Log("started"), Sample.Log("broken", severity: 17, trace: 5), Sample.Log("slow", severity: 13, resource: other), Sample.Log("done", trace: 5)]);

        Assert.Equal(["done", "slow", "broken", "started"], Found(new()));
        Assert.Equal(["slow"], Found(new() { Skip = 1, Take = 1 }));
        Assert.Equal(["slow", "broken"], Found(new() { MinSeverityNumber = 13 }));
        Assert.Equal(["done", "broken"], Found(new() { TraceId = new TraceId(0, 5) }));
        Assert.Equal(["slow"], Found(new() { Resource = other }));
        Assert.Equal(["started"], Found(new() { Text = "START" }));
        Assert.Equal(["broken"], Found(new() { Filters = [record => record.IsError, record => record.Message != "done"] }));
        Assert.Equal(2, _store.Query(new() { MinSeverityNumber = 13, Take = 1 }).TotalCount);

        string[] Found(LogQuery query) => [.. _store.Query(query).Items.Select(record => record.Message)];
    }

    [Fact]
    public void Errors_that_nobody_has_seen_are_counted_by_resource()
    {
        var other = Sample.Resource("producer");
        _store.Add([Sample.Log("a", severity: 17), Sample.Log("b", severity: 21, resource: other), Sample.Log("c", severity: 9)]);
        var seen = _store.LastId;
        _store.Add([Sample.Log("d", severity: 17)]);

        Assert.Equal([("inference", 2), ("producer", 1)], _store.UnseenErrors(_ => 0).Select(pair => (pair.Key.ServiceName, pair.Value)));
        Assert.Equal([("inference", 1)], _store.UnseenErrors(_ => seen).Select(pair => (pair.Key.ServiceName, pair.Value)));
    }

    [Fact]
    public void Clearing_a_resource_leaves_the_others_and_their_ids()
    {
        _store.Add([Sample.Log("a"), Sample.Log("b", resource: Sample.Resource("producer")), Sample.Log("c")]);

        _store.Clear(Sample.Resource());
        _store.Add([Sample.Log("d")]);

        Assert.Equal([(2L, "b"), (4, "d")], _store.Snapshot().Select(record => (record.Id, record.Message)));
        Assert.Equal("d", Assert.Single(_store.Snapshot(fromId: 3)).Message);
    }
}
