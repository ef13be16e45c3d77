using Microsoft.AspNetCore.Components;

namespace Embedded.Aspire.Dashboard.Pages;

/// <summary>What the resources write to their consoles.</summary>
public sealed partial class ConsoleLogs
{
    /// <summary>Whose log; null: all, merged.</summary>
    [Parameter] public string? Name { get; set; }
}
