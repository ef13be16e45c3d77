using Microsoft.AspNetCore.Components;

namespace Embedded.Aspire.Dashboard.Pages.Display;

/// <summary>Addresses of pages: a page's state is its query string, and a link is the same state with something changed.</summary>
internal static class Address
{
    /// <summary>This page's own address, from the path on.</summary>
    public static string Here(this NavigationManager navigation) => "/" + navigation.ToBaseRelativePath(navigation.Uri);

    /// <summary>This page with other parameters; null takes one away.</summary>
    public static string With(this NavigationManager navigation, params (string Name, object? Value)[] changes) => "/" + navigation.ToBaseRelativePath(
        navigation.GetUriWithQueryParameters(changes.ToDictionary(change => change.Name, change => change.Value is string[] { Length: 0 } ? null : change.Value)));

    /// <summary>A span in its trace.</summary>
    public static string OfSpan(Telemetry.TraceId trace, Telemetry.SpanId span) => $"/traces/detail/{trace}?span={span}";
}
