using System.Text.Json;

namespace Embedded.Aspire.Dashboard.Resources;

/// <summary>Keeps the board as the AppHost describes it, and finds the AppHost again when the connection is lost.</summary>
internal sealed class ResourceWatcher(ResourceClient client, ResourceBoard board, TimeProvider time, ILogger<ResourceWatcher> log) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (client.HasAppHost)
        {
            try
            {
                await foreach (var list in client.WatchAsync(stoppingToken)) board.Show(list);
                log.AppHostLost("it ended the connection");
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
            {
                log.AppHostLost(e.Message);
            }
            board.Lost();
            await Task.Delay(RetryDelay, time, stoppingToken);
        }
    }
}
