using Embedded.Aspire.Dashboard.Pages.Spans;
using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Tests.Dashboard.Pages;

public sealed class WaterfallTests
{
    [Fact]
    public void Spans_stand_below_their_parents_in_the_order_of_time()
    {
        var waterfall = Waterfall.Of(ASpan.Trace(ASpan.Of(4, parent: 2, start: 3), ASpan.Of(3, parent: 1, start: 5), ASpan.Of(2, parent: 1, start: 2), ASpan.Of(1)));

        Assert.Equal([(1ul, 0), (2ul, 1), (4ul, 2), (3ul, 1)], waterfall.Rows().Select(node => (node.Span.SpanId.Value, node.Depth)));
    }

    [Fact]
    public void A_span_whose_parent_was_not_received_is_a_root_that_says_so()
    {
        var roots = Waterfall.Of(ASpan.Trace(ASpan.Of(1), ASpan.Of(2, parent: 99, start: 1))).Roots;

        Assert.Equal([(1ul, false), (2ul, true)], roots.Select(root => (root.Span.SpanId.Value, root.IsOrphan)));
    }

    [Fact]
    public void Spans_that_are_each_others_ancestors_appear_once()
    {
        var waterfall = Waterfall.Of(ASpan.Trace(ASpan.Of(1), ASpan.Of(2, parent: 3, start: 1), ASpan.Of(3, parent: 2, start: 2), ASpan.Of(4, parent: 4, start: 3)));

        Assert.Equal([1, 2, 3, 4], waterfall.Rows().Select(node => node.Span.SpanId.Value));
    }

    [Fact]
    public void A_chain_without_end_does_not_nest_without_end()
    {
        var chain = Enumerable.Range(1, 5_000).Select(id => ASpan.Of((ulong)id, parent: (ulong)id - 1, start: id, end: 6_000)).ToArray();

        var rows = Waterfall.Of(ASpan.Trace(chain)).Rows().ToArray();

        Assert.Equal(5_000, rows.Length);
        Assert.Equal(Waterfall.MaxDepth, rows.Max(row => row.Depth));
    }

    [Fact]
    public void Positions_are_shares_of_the_traces_time()
    {
        var waterfall = Waterfall.Of(ASpan.Trace(ASpan.Of(1, start: 0, end: 200), ASpan.Of(2, parent: 1, start: 50, end: 100)));

        Assert.Equal((25, 50), (waterfall.Position(ASpan.At(50)), waterfall.Position(ASpan.At(100))));
        Assert.Equal((0, 100), (waterfall.Position(ASpan.At(-7)), waterfall.Position(ASpan.At(7_000))));
    }

    [Fact]
    public void A_trace_that_took_no_time_has_positions_too() =>
        Assert.Equal(0, Waterfall.Of(ASpan.Trace(ASpan.Of(1, start: 5, end: 5))).Position(ASpan.At(5)));

    [Fact]
    public void A_call_to_somebody_who_sends_no_telemetry_names_the_destination()
    {
        var kafka = Attributes.Of(("messaging.system", "kafka"), ("messaging.destination.name", "image_data"));
        var waterfall = Waterfall.Of(ASpan.Trace(
            ASpan.Of(1, kind: SpanKind.Producer, attributes: kafka),
            ASpan.Of(2, kind: SpanKind.Producer, attributes: kafka),
            ASpan.Of(3, parent: 2, resource: ASpan.Store, kind: SpanKind.Consumer),
            ASpan.Of(4, kind: SpanKind.Internal, attributes: kafka),
            ASpan.Of(5, kind: SpanKind.Client, attributes: Attributes.Of(("server.address", "example.org")))));

        Assert.Equal(["kafka image_data", null, null, null, "example.org"], waterfall.Rows().OrderBy(row => row.Span.SpanId.Value).Select(row => row.Peer));
    }

    [Fact]
    public void A_resource_is_busy_while_any_of_its_spans_runs()
    {
        var shares = ResourceShare.Of(ASpan.Trace(
            ASpan.Of(1, start: 0, end: 10), ASpan.Of(2, start: 5, end: 8), ASpan.Of(3, start: 8, end: 15), ASpan.Of(4, start: 20, end: 21),
            ASpan.Of(5, start: 2, end: 4, resource: ASpan.Store)));

        Assert.Equal([("web", 4, 16e6), ("store", 1, 2e6)], shares.Select(share => (share.Resource.DisplayName, share.SpanCount, share.BusyNanoseconds)));
    }
}
