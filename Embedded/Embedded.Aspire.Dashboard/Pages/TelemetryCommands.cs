using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Pages;

/// <summary>What the buttons of the telemetry pages do. Each leads back to the page that it was on.</summary>
internal static class TelemetryCommands
{
    private static readonly Dictionary<string, Action<TelemetryStore, Signal, TelemetryResource?>> All = new()
    {
        ["pause"] = (store, signal, resource) => store.SetPaused(signal, true, resource),
        ["resume"] = (store, signal, resource) => store.SetPaused(signal, false, resource),
        ["clear"] = (store, signal, resource) => store.Clear(signal, resource),
    };

    /// <summary><c>POST /telemetry/SIGNAL/COMMAND?resource=NAME&amp;back=PATH</c>.</summary>
    public static void MapTelemetryCommands(this IEndpointRouteBuilder app) => app.MapPost("/telemetry/{signal}/{command}", (
        string signal, string command, string? resource, string back, TelemetryStore store) =>
    {
        if (!Enum.TryParse<Signal>(signal, ignoreCase: true, out var named)) return Results.NotFound($"There is no signal '{signal}'; there are {string.Join(", ", Enum.GetNames<Signal>())}.");
        if (!All.TryGetValue(command, out var run)) return Results.NotFound($"There is no command '{command}'; there are {string.Join(", ", All.Keys)}.");
        var sender = string.IsNullOrEmpty(resource) ? null : store.FindResource(resource);
        if (sender is null && !string.IsNullOrEmpty(resource)) return Results.NotFound($"No resource '{resource}' has sent telemetry.");
        run(store, named, sender);

        // 303, so that the browser asks for the page rather than posting to it again.
        return back.StartsWith('/') && !back.StartsWith("//", StringComparison.Ordinal) && !back.StartsWith("/\\", StringComparison.Ordinal)
            ? new SeeOther(back)
            : Results.BadRequest("'back' must be a path of this dashboard.");
    });

    private sealed class SeeOther(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (StatusCodes.Status303SeeOther, path);
            return Task.CompletedTask;
        }
    }
}
