using Embedded.Aspire.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command ended.</summary>
public class ExecuteCommandResult
{
    /// <summary>Whether it did what it should.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether somebody called it off.</summary>
    public bool Canceled { get; init; }

    /// <summary>What went wrong.</summary>
    public string? ErrorMessage { get; init; }
}

/// <summary>Ways for a command to end.</summary>
public static class CommandResults
{
    /// <summary>It did what it should.</summary>
    public static ExecuteCommandResult Success() => new() { Success = true };

    /// <summary>It went wrong.</summary>
    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, ErrorMessage = errorMessage };

    /// <summary>It went wrong.</summary>
    public static ExecuteCommandResult Failure(Exception exception) => Failure(exception.Message);

    /// <summary>Somebody called it off.</summary>
    public static ExecuteCommandResult Canceled() => new() { Success = false, Canceled = true };
}

/// <summary>Starts, stops and restarts single resources.</summary>
public class ResourceCommandService
{
    private readonly Lazy<ApplicationRunner> _runner;

    // The runner is asked for late: it needs services that need this one.
    internal ResourceCommandService(IServiceProvider services) => _runner = new(services.GetRequiredService<ApplicationRunner>);

    /// <summary>Runs a command (<see cref="KnownResourceCommands"/>) on a resource, on all its replicas.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    /// <summary>Runs a command on a resource, or on one of its replicas.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        _runner.Value.ExecuteAsync(resourceId, commandName, cancellationToken);
}
