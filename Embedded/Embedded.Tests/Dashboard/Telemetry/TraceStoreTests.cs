using System.Diagnostics;
using Embedded.Aspire.Dashboard.Telemetry;
using Embedded.Tests.Support;

namespace Embedded.Tests.Dashboard.Telemetry;

public sealed class TraceStoreTests
{
    private readonly TraceStore _store = new(new TelemetryLimits { MaxTraceCount = 3, MaxSpansPerTrace = 4 });

    [Fact]
    public void Spans_of_several_requests_make_one_trace()
    {
        var producer = Sample.Resource("producer");
        _store.Add([Sample.Span(1, 2, parent: 1, start: 30, end: 90)]);
        _store.Add([Sample.Span(1, 1, name: "capture", resource: producer, start: 10, end: 40, status: SpanStatus.Error)]);

        var trace = _store.Find(new TraceId(0, 1))!;
        Assert.Equal("capture", trace.Name);
        Assert.Equal((10ul, 90ul, 1), (trace.StartUnixNano, trace.EndUnixNano, trace.ErrorCount));
        Assert.Equal([("inference", 1, 0), ("producer", 1, 1)], trace.Resources.Select(count => (count.Resource.ServiceName, count.SpanCount, count.ErrorCount)));
        Assert.Equal(2, trace.Spans.Count);
    }

    [Fact]
    public void What_a_query_returned_stays_as_it_was()
    {
        _store.Add([Sample.Span(1, 1)]);
        var before = _store.Query(new()).Items[0];

        _store.Add([Sample.Span(1, 2), Sample.Span(1, 3)]);
        _store.Clear();

        Assert.Equal(new SpanId(1), Assert.Single(before.Spans).SpanId);
    }

    [Fact]
    public void A_span_that_is_sent_again_is_kept_once()
    {
        _store.Add([Sample.Span(1, 1), Sample.Span(1, 2)]);
        _store.Add([Sample.Span(1, 2), Sample.Span(1, 3)]);

        Assert.Equal(3, _store.Find(new TraceId(0, 1))!.SpanCount);
        Assert.Equal(new SignalCounters(Received: 4, Kept: 3, Evicted: 0, Rejected: 0, Duplicates: 1, Ignored: 0), _store.Counters);
    }

    [Fact]
    public void The_oldest_trace_goes_with_all_that_led_to_it()
    {
        _store.Add([Sample.Span(1, 1)]);
        _store.Add([Sample.Span(2, 1, links: [(1, 1)])]);
        _store.Add([Sample.Span(3, 1, links: [(1, 1), (2, 1)])]);
        _store.Add([Sample.Span(4, 1)]);
        _store.Add([Sample.Span(5, 1)]);

        Assert.Null(_store.Find(new TraceId(0, 1)));
        Assert.Null(_store.Find(new TraceId(0, 2), new SpanId(1)));
        Assert.Equal([new TraceId(0, 3)], _store.Backlinks(new TraceId(0, 1), new SpanId(1)).Select(span => span.TraceId));
        Assert.Equal((3L, 2L), (_store.Counters.Kept, _store.Counters.Evicted));
    }

    [Fact]
    public void Links_are_found_from_both_ends()
    {
        _store.Add([Sample.Span(1, 7), Sample.Span(2, 8, links: [(1, 7)])]);
        _store.Add([Sample.Span(3, 9, start: 1_500, links: [(1, 7), (1, 7)])]);

        Assert.Equal([new SpanId(9), new SpanId(8)], _store.Backlinks(new TraceId(0, 1), new SpanId(7)).Select(span => span.SpanId));
        Assert.Empty(_store.Backlinks(new TraceId(0, 2), new SpanId(8)));
    }

    [Fact]
    public void A_trace_is_bounded_and_the_sender_hears_of_it()
    {
        var result = _store.Add([.. Enumerable.Range(1, 6).Select(span => Sample.Span(1, (ulong)span))]);

        Assert.Equal(2, result.Rejected);
        Assert.Contains("MaxSpansPerTrace", result.Problem, StringComparison.Ordinal);
        Assert.Equal((4, 2), (_store.Find(new TraceId(0, 1))!.SpanCount, _store.Find(new TraceId(0, 1))!.DroppedSpanCount));
        Assert.Null(_store.Find(new TraceId(0, 1), new SpanId(5)));
    }

    [Fact]
    public void Queries_filter_and_page_and_show_the_latest_first()
    {
        var other = Sample.Resource("producer");
        _store.Add([
            Sample.Span(1, 1, name: "send image_data", resource: other, start: 100, end: 900),
            Sample.Span(2, 1, start: 300, end: 400, status: SpanStatus.Error),
            Sample.Span(3, 1, start: 200, end: 10_000_200)]);

        Assert.Equal([2ul, 3, 1], Found(new()));
        Assert.Equal([3ul], Found(new() { Skip = 1, Take = 1 }));
        Assert.Equal([1ul], Found(new() { Resource = Sample.Resource("producer") }));
        Assert.Equal([2ul], Found(new() { ErrorsOnly = true }));
        Assert.Equal([1ul], Found(new() { Text = "SEND" }));
        Assert.Equal([3ul], Found(new() { MinDuration = TimeSpan.FromMilliseconds(1) }));
        Assert.Equal([], Found(new() { Types = SpanTypes.Database }));
        Assert.Equal(3, _store.Query(new() { Take = 0 }).TotalCount);

        ulong[] Found(TraceQuery query) => [.. _store.Query(query).Items.Select(trace => trace.TraceId.Low)];
    }

    [Fact]
    public void Clearing_a_resource_takes_its_traces_only()
    {
        _store.Add([Sample.Span(1, 1), Sample.Span(2, 1, resource: Sample.Resource("producer"), links: [(1, 1)])]);

        _store.Clear(Sample.Resource());

        Assert.Equal(new TraceId(0, 2), Assert.Single(_store.Snapshot()).TraceId);
        Assert.Single(_store.Backlinks(new TraceId(0, 1), new SpanId(1)));
        Assert.Null(_store.Find(new TraceId(0, 1)));
    }

    [Fact]
    public void A_paused_resource_is_ignored_until_it_goes_on()
    {
        _store.SetPaused(true, Sample.Resource());
        _store.Add([Sample.Span(1, 1), Sample.Span(2, 1, resource: Sample.Resource("producer"))]);
        _store.SetPaused(false, Sample.Resource());
        _store.Add([Sample.Span(3, 1)]);

        Assert.Equal([2ul, 3], _store.Snapshot().Select(trace => trace.TraceId.Low));
        Assert.Equal(1, _store.Counters.Ignored);
    }

    [Fact]
    public async Task A_waiting_page_hears_of_a_change()
    {
        var waiting = _store.WaitForChangeAsync(_store.Version, CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        _store.Add([Sample.Span(1, 1)]);

        Assert.Equal(_store.Version, await waiting.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Memory_is_bounded_by_bytes_too()
    {
        var store = new TraceStore(new TelemetryLimits { MaxMegabytesPerSignal = 1 });
        var text = new string('x', 10_000);
        for (var trace = 1ul; trace <= 200; trace++)
        {
            store.Add([new() { TraceId = new(0, trace), SpanId = new(1), Name = "a", StatusMessage = text, Resource = Sample.Resource(), Scope = Sample.Scope }]);
        }

        Assert.InRange(store.TraceCount, 30, 60);
        Assert.NotNull(store.Find(new TraceId(0, 200)));
    }

    [Fact]
    public void Queries_over_a_hundred_thousand_spans_take_milliseconds()
    {
        var store = new TraceStore(new TelemetryLimits());
        for (var trace = 1ul; trace <= 10_000; trace++)
        {
            store.Add([.. Enumerable.Range(1, 10).Select(span => Sample.Span(trace, (ulong)span, start: trace, links: span == 1 ? [(trace / 2, 1)] : []))]);
        }
        TraceQuery[] queries = [new(), new() { Text = "nothing has this name" }, new() { ErrorsOnly = true }, new() { Resource = Sample.Resource() }];

        var fastest = queries.Select(query => Enumerable.Range(0, 5).Min(_ =>
        {
            var clock = Stopwatch.StartNew();
            store.Query(query);
            return clock.Elapsed;
        })).ToList();

        Assert.Equal(100_000, store.Counters.Kept);
        Assert.All(fastest, elapsed => Assert.True(elapsed < TimeSpan.FromMilliseconds(250), $"{elapsed}"));     // a few ms when nothing else runs
    }

    [Fact]
    public async Task Readers_and_writers_do_not_disturb_each_other()
    {
        var store = new TraceStore(new TelemetryLimits { MaxTraceCount = 50 });
        using var end = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                foreach (var trace in store.Query(new()).Items) Assert.All(trace.Spans, span => Assert.Equal(trace.TraceId, span.TraceId));
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(() =>
        {
            for (var index = 0; index < 2_000; index++)
            {
                var trace = (ulong)(index / 4) + 1;
                store.Add([Sample.Span(trace, (ulong)((index * 2) + writer + 1), links: [(trace + 1, 1)])]);
            }
        })));
        await end.CancelAsync();
        await reader;

        Assert.Equal(4_000, store.Counters.Received);
        Assert.Equal(4_000, store.Counters.Kept + store.Counters.Evicted);
    }
}
