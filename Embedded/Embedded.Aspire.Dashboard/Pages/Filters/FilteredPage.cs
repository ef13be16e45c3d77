using Embedded.Aspire.Dashboard.Pages.Display;
using Microsoft.AspNetCore.Components;

namespace Embedded.Aspire.Dashboard.Pages.Filters;

/// <summary>What pages with field filters share: the filters of the address, and the one just added.</summary>
public abstract class FilteredPage : ComponentBase
{
    /// <summary>See <see cref="FieldFilter"/>.</summary>
    [SupplyParameterFromQuery] public string[]? Filter { get; set; }

    /// <summary>A filter to add: its field, operator and value come from a form.</summary>
    [SupplyParameterFromQuery] public string? Field { get; set; }

    /// <inheritdoc cref="Field"/>
    [SupplyParameterFromQuery] public string? Op { get; set; }

    /// <inheritdoc cref="Field"/>
    [SupplyParameterFromQuery] public string? Value { get; set; }

    [Inject] internal NavigationManager Navigation { get; set; } = default!;

    private protected IReadOnlyList<FieldFilter> Filters { get; private set; } = [];

    private protected IEnumerable<FieldFilter> EnabledFilters => Filters.Where(filter => filter.IsEnabled);

    /// <returns>False when the visitor is sent on to the address that holds the new filter.</returns>
    private protected bool ReadFilters()
    {
        Filters = FieldFilter.ParseAll(Filter);
        if (Field is null) return true;
        var texts = Filters.Select(filter => filter.ToString());
        if (FieldFilter.TryParse($"{Field}{Op}{Value}", out var added)) texts = texts.Append(added.ToString());
        Navigation.NavigateTo(Navigation.With(("field", null), ("op", null), ("value", null), ("page", null), ("filter", texts.Distinct().ToArray())));
        return false;
    }
}
