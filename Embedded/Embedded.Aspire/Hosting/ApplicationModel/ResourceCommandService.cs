using Embedded.Aspire.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Has commands carried out: start, stop and restart, and those that the AppHost added.</summary>
public class ResourceCommandService
{
    private readonly IServiceProvider _services;

    internal ResourceCommandService(IServiceProvider services) => _services = services;

    /// <summary>Gives a command to a resource, to all its replicas.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    /// <summary>Gives a command to a resource, or to one of its replicas.</summary>
    /// <returns>How it ended; with several replicas, how the first that failed ended.</returns>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        var found = Find(resourceId);
        if (found.Count == 0) return CommandResults.Failure($"Resource '{resourceId}' not found.");

        var results = await Task.WhenAll(found.Select(f => ExecuteAsync(f.Resource, f.Id, commandName, cancellationToken)));
        return results.FirstOrDefault(r => !r.Success) ?? CommandResults.Success();
    }

    private List<(IResource Resource, string Id)> Find(string resourceId)
    {
        var notifications = _services.GetRequiredService<ResourceNotificationService>();
        var all = _services.GetRequiredService<DistributedApplicationModel>().Resources
            .SelectMany(r => notifications.ReplicaIds(r).Select(id => (Resource: r, Id: id))).ToList();
        var byId = all.Where(r => string.Equals(r.Id, resourceId, StringComparison.OrdinalIgnoreCase)).ToList();
        return byId.Count > 0 ? byId : [.. all.Where(r => string.Equals(r.Resource.Name, resourceId, StringComparison.OrdinalIgnoreCase))];
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(IResource resource, string id, string commandName, CancellationToken cancellation)
    {
        var command = resource.Annotations.OfType<ResourceCommandAnnotation>().LastOrDefault(c => c.Name == commandName);
        if (command is null) return CommandResults.Failure($"Command '{commandName}' not available for resource '{id}'.");

        var log = _services.GetRequiredService<ResourceLoggerService>().GetLogger(resource);
        try
        {
            var context = new ExecuteCommandContext { ServiceProvider = _services, ResourceName = id, CancellationToken = cancellation };
            var result = await command.ExecuteCommand(context);
            if (result is { Success: false, Canceled: false }) log.CommandFailed(commandName, result.ErrorMessage);
            return result;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return CommandResults.Canceled();
        }
        catch (Exception e)
        {
            // The command is the AppHost's own code; whoever gave it learns what went wrong.
            log.CommandFailed(commandName, e.Message);
            return CommandResults.Failure(e);
        }
    }
}
