using Embedded.Aspire.Contracts;
using Embedded.Aspire.Dashboard.Resources;
using Microsoft.AspNetCore.Components;

namespace Embedded.Aspire.Dashboard.Pages;

/// <summary>
/// Every resource, as a list or as a picture, with the details of one of them:
/// <c>/?view=graph&amp;text=…&amp;type=…&amp;state=…&amp;health=…&amp;hidden=true&amp;resource=…</c>.
/// </summary>
public sealed partial class ResourcesPage
{
    private const string GraphView = "graph";
    private const string ParametersView = "parameters";
    private static readonly (string? View, string Text)[] Views = [(null, "Table"), (GraphView, "Graph"), (ParametersView, "Parameters")];

    /// <summary>Null: the list.</summary>
    [SupplyParameterFromQuery] public string? View { get; set; }

    /// <summary>Stands in the name or in the source.</summary>
    [SupplyParameterFromQuery] public string? Text { get; set; }

    [SupplyParameterFromQuery] public string? Type { get; set; }

    [SupplyParameterFromQuery] public string? State { get; set; }

    [SupplyParameterFromQuery] public string? Health { get; set; }

    /// <summary>Whether resources are shown that the AppHost hides.</summary>
    [SupplyParameterFromQuery] public bool Hidden { get; set; }

    /// <summary>Name or id of the resource whose details are open.</summary>
    [SupplyParameterFromQuery] public string? Resource { get; set; }

    /// <summary>Names of parents whose children are not shown, with commas between.</summary>
    [SupplyParameterFromQuery] public string? Collapsed { get; set; }

    [Inject] private ResourceBoard Board { get; set; } = default!;

    [Inject] private ResourceClient Client { get; set; } = default!;

    [Inject] private SeenErrors SeenErrors { get; set; } = default!;

    [Inject] private NavigationManager Navigation { get; set; } = default!;

    private IReadOnlyList<string> Types => Distinct(r => r.Type);

    private IReadOnlyList<string> States => Distinct(r => r.State);

    private IReadOnlyList<string> Healths => Distinct(r => r.Health);

    private IReadOnlyList<ResourceView> Shown { get; set; } = [];

    private IReadOnlyList<ResourceRow> Rows { get; set; } = [];

    private IReadOnlyList<ResourceView> Parameters { get; set; } = [];

    private IReadOnlyDictionary<string, int> Errors { get; set; } = new Dictionary<string, int>();

    private ResourceView? Selected { get; set; }

    private HashSet<string> CollapsedNames => [.. (Collapsed ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];

    protected override void OnParametersSet()
    {
        Shown = [.. Board.All.Where(Fits)];
        Rows = ResourceTree.Rows(Board.All, Fits, CollapsedNames);
        Parameters = [.. Board.All.Where(IsParameter)];
        Errors = SeenErrors.New(Shown);
        Selected = Resource is null ? null : Board.Find(Resource);
    }

    private static bool IsParameter(ResourceView resource) => resource.Type == "Parameter";

    private bool Fits(ResourceView resource) =>
        !IsParameter(resource) && (Hidden || !resource.IsHidden) &&
        (string.IsNullOrEmpty(Type) || resource.Type == Type) &&
        (string.IsNullOrEmpty(State) || resource.State == State) &&
        (string.IsNullOrEmpty(Health) || resource.Health == Health) &&
        (string.IsNullOrEmpty(Text)
            || resource.Name.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || resource.Source?.Contains(Text, StringComparison.OrdinalIgnoreCase) == true);

    private int ReplicasOf(ResourceView resource) => Board.All.Count(r => r.Name == resource.Name);

    private List<string> Distinct(Func<ResourceView, string?> of) =>
        [.. Board.All.Where(r => !IsParameter(r)).Select(of).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    // This page with one thing in its address changed.
    private string With(string name, string? value) => Navigation.GetUriWithQueryParameter(name.ToLowerInvariant(), value);

    private string? Toggled(ResourceRow row)
    {
        if (row.ChildCount == 0) return null;
        var names = CollapsedNames;
        if (!names.Remove(row.Resource.Name)) names.Add(row.Resource.Name);
        return With(nameof(Collapsed), names.Count == 0 ? null : string.Join(',', names));
    }
}
