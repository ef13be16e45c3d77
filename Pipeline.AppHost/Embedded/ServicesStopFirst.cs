using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

/// <summary>
/// Stops the services while broker and store are still there, where Aspire would stop all at once: offsets are committed, consumer groups
/// left, and no service waits for a server that has gone.
/// </summary>
internal sealed class ServicesStopFirst(DistributedApplicationModel model, ResourceCommandService commands) : IHostedService
{
    /// <summary>What takes longer is stopped together with the servers.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var stops = model.GetProjectResources()
            .Select(service => commands.ExecuteCommandAsync(service, KnownResourceCommands.StopCommand, cancellationToken));
        await ((Task)Task.WhenAll(stops)).WaitAsync(Limit, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
