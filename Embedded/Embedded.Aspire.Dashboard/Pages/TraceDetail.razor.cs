using System.Globalization;
using System.Net;
using System.Text;
using Embedded.Aspire.Dashboard.Pages.Display;
using Embedded.Aspire.Dashboard.Pages.Spans;
using Embedded.Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Embedded.Aspire.Dashboard.Pages;

/// <summary>One trace as a waterfall, with one of its spans in full: <c>/traces/detail/ID?span=…</c>.</summary>
public sealed partial class TraceDetail
{
    /// <summary>Log records on this page; there is a link to all.</summary>
    private const int MaxLogs = 200;

    /// <summary>Beyond this share of the lane a duration is written to the left of the bar's end.</summary>
    private const double LabelRoomPercent = 70;

    /// <summary>A trace that was quiet for so long is complete, and its page stands still.</summary>
    private static readonly TimeSpan RestAfter = TimeSpan.FromSeconds(10);

    /// <summary>The trace id, 32 hexadecimal digits.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary>The id of the span to show in full, 16 hexadecimal digits.</summary>
    [SupplyParameterFromQuery(Name = "span")] public string? SpanParameter { get; set; }

    [Inject] private TelemetryStore Store { get; set; } = default!;

    [Inject] private TimeProvider Time { get; set; } = default!;

    private Hues Hues { get; set; } = default!;

    private Trace? Trace { get; set; }

    private Waterfall Waterfall { get; set; } = default!;

    private IReadOnlyList<ResourceShare> Shares { get; set; } = [];

    private IReadOnlyList<LogRecord> Logs { get; set; } = [];

    private ILookup<SpanId, LogRecord> LogsBySpan { get; set; } = default!;

    private Span? Chosen { get; set; }

    private IReadOnlyList<LogRecord> LogsOfChosen => Chosen is null ? [] : [.. LogsBySpan[Chosen.SpanId]];

    private bool IsAtRest => Time.GetUtcNow() - UnixNano.ToTime(Trace!.EndUnixNano) > RestAfter;

    protected override void OnParametersSet()
    {
        if (!TraceId.TryParse(Id, out var id) || Store.Traces.Find(id) is not { } trace) return;
        (Hues, Trace, Waterfall, Shares) = (new Hues(Store), trace, Waterfall.Of(trace), ResourceShare.Of(trace));
        Chosen = SpanId.TryParse(SpanParameter, out var span) ? Store.Traces.Find(id, span) : null;
        Logs = Store.Logs.Query(new LogQuery { TraceId = id, NewestFirst = false, Take = MaxLogs }).Items;
        LogsBySpan = Logs.ToLookup(log => log.SpanId);
    }

    private static string Href(Span span) => Address.OfSpan(span.TraceId, span.SpanId);

    private static string Guides(int depth) => string.Concat(Enumerable.Repeat("<i></i>", depth));

    /// <summary>The span's place in time: a bar, its duration, and marks where it logged something or had an event.</summary>
    private string Lane(WaterfallNode node)
    {
        var (span, from, to) = (node.Span, Waterfall.Position(node.Span.StartUnixNano), Waterfall.Position(node.Span.EndUnixNano));
        var svg = new StringBuilder("<svg class=\"lane\" aria-hidden=\"true\">");
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{from:0.###}%\" width=\"{Math.Max(0, to - from):0.###}%\" y=\"25%\" height=\"50%\" rx=\"2\"{(span.IsError ? " class=\"failed\"" : "")}/>");
        foreach (var moment in span.Events) Mark(moment.TimeUnixNano, "event", moment.Name);
        foreach (var log in LogsBySpan[span.SpanId]) Mark(log.TimeUnixNano, log.IsError ? "log bad" : "log", log.Message);
        var (x, anchor) = to < LabelRoomPercent ? (to, "after") : from > 100 - LabelRoomPercent ? (from, "before") : (to, "inside");
        return svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.###}%\" y=\"50%\" class=\"{anchor}\">{Durations.Of(span)}</text></svg>").ToString();

        void Mark(ulong at, string style, string title) => svg.Append(CultureInfo.InvariantCulture,
            $"<circle cx=\"{Waterfall.Position(at):0.###}%\" cy=\"50%\" r=\"3\" class=\"{style}\"><title>{WebUtility.HtmlEncode(title)}</title></circle>");
    }

    private static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.##}%");

    private static string Number(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
