using Embedded.Aspire.Dashboard.Pages.Charts;
using Embedded.Aspire.Dashboard.Pages.Display;
using Embedded.Aspire.Dashboard.Pages.Filters;
using Embedded.Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Embedded.Aspire.Dashboard.Pages;

/// <summary>
/// An instrument over time: <c>/metrics?resource=…&amp;meter=…&amp;instrument=…&amp;window=5&amp;view=table&amp;dim=messaging.destination.name=images</c>.
/// </summary>
public sealed partial class Metrics
{
    private const int MaxListedExemplars = 20;

    /// <summary>Values of a dimension to choose from.</summary>
    private const int MaxValues = 100;

    /// <summary>A display name.</summary>
    [SupplyParameterFromQuery] public string? Resource { get; set; }

    /// <summary>By name.</summary>
    [SupplyParameterFromQuery] public string? Meter { get; set; }

    /// <summary>By name.</summary>
    [SupplyParameterFromQuery] public string? Instrument { get; set; }

    /// <summary>Minutes: one of <see cref="TimeWindow.All"/>.</summary>
    [SupplyParameterFromQuery(Name = "window")] public int? WindowMinutes { get; set; }

    /// <summary><c>table</c>, or a graph.</summary>
    [SupplyParameterFromQuery] public string? View { get; set; }

    /// <summary>Filters on attributes of the points; see <see cref="FieldFilter"/>.</summary>
    [SupplyParameterFromQuery] public string[]? Dim { get; set; }

    [Inject] private TelemetryStore Store { get; set; } = default!;

    [Inject] private TimeProvider Time { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    private Hues Hues { get; set; } = default!;

    private TimeWindow Window { get; set; } = TimeWindow.Default;

    private TelemetryResource? Chosen { get; set; }

    private IReadOnlyList<IGrouping<TelemetryResource, Instrument>> Tree { get; set; } = [];

    private MetricSeries? Series { get; set; }

    private IReadOnlyList<Chart> Charts { get; set; } = [];

    /// <summary>The attributes in which the instrument's points differ, each with its values.</summary>
    private IReadOnlyList<(string Key, IReadOnlyList<string> Values)> Dimensions { get; set; } = [];

    private bool IsTable => View == "table";

    private string Summary => $"{Tree.Sum(resource => resource.Count()):#,0} instruments";

    private string KindName => Series!.Instrument switch
    {
        { Kind: InstrumentKind.Sum, IsMonotonic: true } => "Counter, per second",
        { Kind: InstrumentKind.Sum } => "UpDownCounter",
        { Kind: InstrumentKind.Histogram } => "Histogram",
        { Kind: InstrumentKind.ExponentialHistogram } => "Exponential histogram",
        var other => other.Kind.ToString(),
    };

    /// <summary>What the form keeps while its own fields change.</summary>
    private IEnumerable<(string Name, string? Value)> Place =>
        new[] { ("resource", Resource), ("meter", Meter), ("instrument", Instrument), ("view", View) }.Where(part => part.Item2 is not null);

    protected override void OnParametersSet()
    {
        var now = Time.GetUtcNow();
        (Hues, Window) = (new Hues(Store), TimeWindow.Of(WindowMinutes));
        Tree = [.. Store.Metrics.Instruments().GroupBy(instrument => instrument.Resource).OrderBy(group => group.Key.DisplayName, StringComparer.OrdinalIgnoreCase)];
        Chosen = Resource is null ? null : Store.FindResource(Resource);
        if (Chosen is null || Meter is null || Instrument is null) return;
        Series = Store.Metrics.Series(Chosen, Meter, Instrument, UnixNano.FromTime(Window.From(now)));
        if (Series is null) return;
        Charts = InstrumentCharts.Of(Series, Window, now, FieldFilter.ParseAll(Dim));
        Dimensions =
        [
            .. Series.Dimensions.SelectMany(dimension => dimension.Attributes).GroupBy(attribute => attribute.Key)
                .Select(group => (group.Key, Values: (IReadOnlyList<string>)[.. group.Select(attribute => attribute.Value.ToString()).Distinct().Order(StringComparer.Ordinal).Take(MaxValues)]))
                .Where(dimension => dimension.Values.Count > 1),
        ];
    }

    private static string Filter(string key, string value) => new FieldFilter(key, FilterOperator.Equal, value).ToString();

    private bool IsChosen(Instrument instrument) => instrument.Resource.Equals(Chosen) && instrument.Scope.Name == Meter && instrument.Name == Instrument;

    private string Href(Instrument instrument) => Navigation.With(
        ("resource", instrument.Resource.DisplayName), ("meter", instrument.Scope.Name), ("instrument", instrument.Name), ("dim", null));
}
