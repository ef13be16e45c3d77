using System.Text.Json;

namespace Embedded.Aspire.Dashboard.Resources;

/// <summary>What the buttons do: <c>POST /commands/ID/COMMAND</c>, answered with an event that the page shows as a toast.</summary>
internal static class Commands
{
    public static void MapCommands(this IEndpointRouteBuilder app) => app.MapPost("/commands/{id}/{command}", async (
        string id, string command, ResourceClient client, ResourceBoard board, HttpResponse response, CancellationToken cancellation) =>
    {
        var resource = board.Find(id);
        var text = resource?.Commands.FirstOrDefault(c => c.Name == command)?.DisplayName ?? command;
        var outcome = await client.ExecuteAsync(id, command, cancellation);
        var name = resource?.Name ?? id;
        var toast = new
        {
            toast = new
            {
                text = outcome.Success ? $"{name}: {text} done." : $"{name}: {text} failed. {outcome.Message}",
                failed = !outcome.Success,
            },
        };
        // A header is ASCII; JSON escapes the rest.
        response.Headers["HX-Trigger"] = JsonSerializer.Serialize(toast);
        return Results.NoContent();
    });
}
