using Embedded.Aspire.Dashboard.Pages.Display;
using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Pages.Spans;

/// <summary>A span in the tree of its trace.</summary>
/// <param name="IsOrphan">It names a parent that was not received: sampled away, dropped, or still on its way.</param>
public sealed record WaterfallNode(Span Span, int Depth, bool IsOrphan)
{
    /// <summary>By start.</summary>
    public List<WaterfallNode> Children { get; } = [];

    /// <summary>The destination of a call that sends no telemetry of its own.</summary>
    public string? Peer => Spans.Peer.Of(Span, isAnswered: Children.Exists(child => !child.Span.Resource.Equals(Span.Resource)));
}

/// <summary>A trace as people read it: who called whom, top to bottom, and when, left to right.</summary>
internal sealed class Waterfall
{
    /// <summary>Levels of indentation; what lies deeper is shown at this one, below what it belongs to.</summary>
    public const int MaxDepth = 40;

    private readonly ulong _start;

    private Waterfall(Trace trace, List<WaterfallNode> roots)
    {
        _start = trace.StartUnixNano;
        Length = Math.Max(1, Durations.Between(trace.StartUnixNano, trace.EndUnixNano));
        Roots = roots;
    }

    public IReadOnlyList<WaterfallNode> Roots { get; }

    /// <summary>Nanoseconds from the first start to the last end.</summary>
    public double Length { get; }

    public static Waterfall Of(Trace trace)
    {
        var spans = trace.Spans.OrderBy(span => span.StartUnixNano).ToArray();
        var known = spans.Select(span => span.SpanId).ToHashSet();
        var children = spans.ToLookup(span => span.ParentSpanId);
        var placed = new HashSet<SpanId>();

        // Spans that are each other's ancestors hang from no root; after all others, the earliest of them becomes one.
        var roots = spans.Where(span => !known.Contains(span.ParentSpanId)).Concat(spans);
        return new Waterfall(trace, [.. roots.Where(span => placed.Add(span.SpanId)).Select(Grow).ToArray().OrderBy(root => root.Span.StartUnixNano)]);

        WaterfallNode Grow(Span top)
        {
            var root = new WaterfallNode(top, 0, !top.ParentSpanId.IsEmpty);
            var open = new Stack<(WaterfallNode Node, WaterfallNode Home, SpanId Parent)>([(root, root, top.SpanId)]);
            while (open.TryPop(out var next))
            {
                // The deepest level takes in all that is below it, so that a chain of calls without end does not nest without end.
                foreach (var span in children[next.Parent])
                {
                    if (!placed.Add(span.SpanId)) continue;
                    var node = new WaterfallNode(span, next.Home.Depth + 1, false);
                    next.Home.Children.Add(node);
                    open.Push((node, node.Depth < MaxDepth ? node : next.Home, span.SpanId));
                }
            }

            return root;
        }
    }

    /// <summary>Where a moment lies between the trace's begin and end, in per cent.</summary>
    public double Position(ulong unixNano) => Math.Clamp(Durations.Between(_start, unixNano) / Length * 100, 0, 100);

    /// <summary>Every node, top to bottom.</summary>
    public IEnumerable<WaterfallNode> Rows()
    {
        var open = new Stack<WaterfallNode>(Roots.Reverse());
        while (open.TryPop(out var node))
        {
            yield return node;
            foreach (var child in Enumerable.Reverse(node.Children)) open.Push(child);
        }
    }
}
