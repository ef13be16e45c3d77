using Embedded.Aspire.Dashboard.Pages;
using Embedded.Aspire.Dashboard.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Embedded.Aspire.Dashboard.Layout;

/// <summary>Which page is where: Aspire's own paths, so that links from elsewhere work.</summary>
/// <remarks>
/// A page takes its state from the query string ([SupplyParameterFromQuery]) and what stands in its path as parameters. What moves in it
/// stands in a <c>LivePart</c>; links and filters that change only the query string are <c>PartLink</c> and <c>FilterForm</c>.
/// </remarks>
internal static class PageEndpoints
{
    public static void MapPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", () => Page<ResourcesPage>());
        app.MapGet("/consolelogs", () => Page<ConsoleLogs>());
        app.MapGet("/consolelogs/resource/{name}", (string name) => Page<ConsoleLogs>(new { Name = name }));
        app.MapGet("/structuredlogs", (string? resource, SeenErrors errors) =>
        {
            errors.Look(resource);
            return Page<StructuredLogs>();
        });
        app.MapGet("/traces", () => Page<Traces>());
        app.MapGet("/traces/detail/{id}", (string id) => Page<TraceDetail>(new { Id = id }));
        app.MapGet("/metrics", () => Page<Metrics>());
        app.MapTelemetryCommands();
    }

    private static RazorComponentResult<TPage> Page<TPage>(object? parameters = null) where TPage : IComponent => new(parameters ?? new { })
    {
        PreventStreamingRendering = true,
    };
}
