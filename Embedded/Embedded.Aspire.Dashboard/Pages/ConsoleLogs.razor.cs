using Embedded.Aspire.Contracts;
using Embedded.Aspire.Dashboard.Resources;
using Microsoft.AspNetCore.Components;

namespace Embedded.Aspire.Dashboard.Pages;

/// <summary>
/// What the resources write to their consoles: <c>/consolelogs/resource/NAME?time=utc|off&amp;wrap=true</c>. The lines come as events
/// (ConsoleEndpoints) and site.js shows them.
/// </summary>
public sealed partial class ConsoleLogs
{
    /// <summary>Whose log; null: all, merged.</summary>
    [Parameter] public string? Name { get; set; }

    /// <summary>The same, as a form without scripts says it.</summary>
    [SupplyParameterFromQuery] public string? Resource { get; set; }

    [Inject] private ResourceBoard Board { get; set; } = default!;

    [Inject] private ResourceClient Client { get; set; } = default!;

    private string? Chosen => Name ?? (string.IsNullOrEmpty(Resource) ? null : Resource);

    private ResourceView? Shown => Chosen is { } name ? Board.Find(name) : null;

    private IEnumerable<string> Names =>
        Board.All.Where(r => r.HasProcess).Select(r => r.Name).Append(Chosen).OfType<string>().Distinct().Order(StringComparer.Ordinal);
}
