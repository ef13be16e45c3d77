using System.Globalization;
using Embedded.Aspire.Dashboard.Pages.Display;
using Embedded.Aspire.Dashboard.Pages.Filters;
using Embedded.Aspire.Dashboard.Pages.Spans;
using Embedded.Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Embedded.Aspire.Dashboard.Pages;

/// <summary>The newest traces: <c>/traces?text=…&amp;resource=…&amp;type=…&amp;min=5ms&amp;errors=1&amp;filter=messaging.system=kafka&amp;page=2</c>.</summary>
public sealed partial class Traces
{
    private const int PageSize = 50;

    private static readonly string[] CommonAttributes =
        ["messaging.destination.name", "messaging.operation.name", "db.collection.name", "db.operation.name", "http.request.method", "http.response.status_code", "error.type"];

    /// <summary>See <see cref="Trace.Matches"/>.</summary>
    [SupplyParameterFromQuery] public string? Text { get; set; }

    /// <summary>A display name.</summary>
    [SupplyParameterFromQuery] public string? Resource { get; set; }

    /// <summary>One of <see cref="SpanTypeNames"/>.</summary>
    [SupplyParameterFromQuery] public string? Type { get; set; }

    /// <summary>A duration such as <c>5 ms</c>.</summary>
    [SupplyParameterFromQuery] public string? Min { get; set; }

    /// <summary>Any value: only traces with errors.</summary>
    [SupplyParameterFromQuery] public string? Errors { get; set; }

    /// <summary>From 1.</summary>
    [SupplyParameterFromQuery(Name = "page")] public int? PageParameter { get; set; }

    [Inject] private TelemetryStore Store { get; set; } = default!;

    private static IEnumerable<string> Suggestions => Fields.SpanFields.Concat(CommonAttributes);

    private Hues Hues { get; set; } = default!;

    private TelemetryResource? Chosen { get; set; }

    private int PageNumber { get; set; }

    private QueryPage<Trace> Found { get; set; } = new([], 0);

    private double Longest { get; set; }

    private string? MinProblem => string.IsNullOrWhiteSpace(Min) || Durations.Parse(Min) is not null
        ? null
        : $"“{Min}” is no duration. Write a number and a unit, such as 5 ms or 2 s.";

    private string Summary => $"{Number(Found.TotalCount)} {(Found.TotalCount == 1 ? "trace" : "traces")}";

    protected override void OnParametersSet()
    {
        (Hues, PageNumber) = (new Hues(Store), Math.Clamp(PageParameter ?? 1, 1, Store.Limits.MaxTraceCount));
        Chosen = Resource is null ? null : Store.FindResource(Resource);
        if (!ReadFilters()) return;
        if (Resource is not null && Chosen is null) return;        // a resource that has sent nothing has no traces
        Found = Store.Traces.Query(new TraceQuery
        {
            Text = Text,
            Resource = Chosen,
            Types = SpanTypeNames.Parse(Type),
            MinDuration = TimeSpan.FromMicroseconds((Durations.Parse(Min) ?? 0) / 1e3),
            ErrorsOnly = Errors is not null,
            Filters = EnabledFilters.ToArray() is { Length: > 0 } filters ? [trace => HasSpan(trace, filters)] : [],
            Skip = (PageNumber - 1) * PageSize,
            Take = PageSize,
        });
        Longest = Found.Items.Count == 0 ? 0 : Found.Items.Max(trace => trace.Duration.TotalNanoseconds);
    }

    /// <summary>One and the same span must have it all: "a send that failed" is not "a send, and something that failed".</summary>
    private static bool HasSpan(Trace trace, FieldFilter[] filters)
    {
        foreach (var span in trace.Spans)
        {
            if (Array.TrueForAll(filters, filter => filter.Holds(Fields.Read(span, filter.Field)))) return true;
        }

        return false;
    }

    private string Share(Trace trace) =>
        string.Create(CultureInfo.InvariantCulture, $"{(Longest == 0 ? 0 : trace.Duration.TotalNanoseconds / Longest * 100):0.##}%");

    private static string Number(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
