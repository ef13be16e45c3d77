using Embedded.Aspire.Dashboard.Resources;
using Microsoft.AspNetCore.Components;

namespace Embedded.Aspire.Dashboard.Layout;

/// <summary>What every page has around it.</summary>
public sealed partial class Shell
{
    private static readonly NavigationItem[] Navigation =
    [
        new("/", "Resources", "resources", 'r'),
        new("/consolelogs", "Console", "console", 'c'),
        new("/structuredlogs", "Structured", "logs", 's'),
        new("/traces", "Traces", "traces", 't'),
        new("/metrics", "Metrics", "metrics", 'm'),
    ];

    [Inject] private ResourceBoard Board { get; set; } = default!;

    [Inject] private NavigationManager Location { get; set; } = default!;

    private string Title => Board.Application is { Length: > 0 } name ? name : "Dashboard";

    private bool IsHere(NavigationItem item)
    {
        var path = "/" + Location.ToBaseRelativePath(Location.Uri).Split('?')[0];
        return item.Path == "/" ? path == "/" : path.StartsWith(item.Path, StringComparison.Ordinal);
    }

    private sealed record NavigationItem(string Path, string Text, string Icon, char Key);
}
