using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Publishing;
using Embedded.Aspire.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application of several resources that is started and stopped as one.</summary>
[DebuggerDisplay("{_host}")]
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly EntryPointHook? _hook;
    private bool _disposed;

    /// <summary>Wraps a host that was made elsewhere.</summary>
    public DistributedApplication(IHost host) : this(host, hook: null) { }

    internal DistributedApplication(IHost host, EntryPointHook? hook)
    {
        ArgumentNullException.ThrowIfNull(host);
        _host = host;
        _hook = hook;
    }

    /// <summary>Describes an application without a command line.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Describes an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    /// <summary>Describes an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(
        DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Services of the AppHost itself.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>What state each resource is in.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Start, stop and restart of single resources.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>Null when the application is to run here. Publishing starts no hosted service: nothing runs, nothing listens.</summary>
    private Publisher? Publisher =>
        Services.GetService<DistributedApplicationExecutionContext>() is { IsPublishMode: true } ? Services.GetRequiredService<Publisher>() : null;

    /// <summary>Runs until somebody stops it.</summary>
    public void Run() => Synchronously.Wait(RunAsync());

    /// <summary>Runs until somebody stops it. What is wrong is said in one line, and the exit code is 1.</summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_hook is { Suspends: true }) { await _hook.WaitForEndAsync(cancellationToken); return; }

        try
        {
            if (Publisher is { } publisher) await publisher.PublishAsync(cancellationToken);
            else await _host.RunAsync(cancellationToken);
        }
        catch (DistributedApplicationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            FailedRun.Exit();
        }
    }

    /// <summary>Starts every resource; comes back when all starts are issued.</summary>
    /// <exception cref="DistributedApplicationException">The application cannot run as described.</exception>
    public virtual Task StartAsync(CancellationToken cancellationToken = default) =>
        Publisher?.PublishAsync(cancellationToken) ?? _host.StartAsync(cancellationToken);

    /// <summary>Stops every resource, those that others wait for last.</summary>
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        Synchronously.Wait(DisposeAsync().AsTask());
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops what still runs, and lets go of everything.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        if (_host.Services.GetService<ApplicationRunner>() is { } runner) await runner.DisposeAsync();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        else _host.Dispose();
        _hook?.End();
        GC.SuppressFinalize(this);
    }
}
