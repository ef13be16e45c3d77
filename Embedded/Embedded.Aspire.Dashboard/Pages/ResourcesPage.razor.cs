using Embedded.Aspire.Dashboard.Resources;
using Microsoft.AspNetCore.Components;

namespace Embedded.Aspire.Dashboard.Pages;

/// <summary>Every resource with its state: <c>/?text=…&amp;type=…</c>.</summary>
public sealed partial class ResourcesPage
{
    /// <summary>Shown are resources whose name holds it.</summary>
    [SupplyParameterFromQuery] public string? Text { get; set; }

    /// <summary>Shown are resources of this type.</summary>
    [SupplyParameterFromQuery] public string? Type { get; set; }

    [Inject] private ResourceBoard Board { get; set; } = default!;

    private IReadOnlyList<string> Types { get; set; } = [];

    private IReadOnlyList<ResourceView> Shown { get; set; } = [];

    protected override void OnParametersSet()
    {
        Types = [.. Board.All.Select(r => r.Type).Distinct().Order(StringComparer.Ordinal)];
        Shown = [.. Board.All.Where(r => !r.IsHidden && Fits(r))];
    }

    private bool Fits(ResourceView resource) =>
        (Type is null || resource.Type == Type) &&
        (Text is null || resource.Name.Contains(Text, StringComparison.OrdinalIgnoreCase));
}
