using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Embedded.Aspire.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>An application that a test may still change.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>Makes the application.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

internal sealed class TestingBuilder(DistributedApplicationBuilder builder, EntryPointHook hook) : IDistributedApplicationTestingBuilder
{
    public Assembly? AppHostAssembly => builder.AppHostAssembly;

    public string AppHostDirectory => builder.AppHostDirectory;

    public ConfigurationManager Configuration => builder.Configuration;

    public IHostEnvironment Environment => builder.Environment;

    public IServiceCollection Services => builder.Services;

    public IDistributedApplicationEventing Eventing => builder.Eventing;

    public DistributedApplicationExecutionContext ExecutionContext => builder.ExecutionContext;

    public IResourceCollection Resources => builder.Resources;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource => builder.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => builder.CreateResourceBuilder(resource);

    public DistributedApplication Build() => Synchronously.Wait(BuildAsync());

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
    {
        if (!hook.Suspends) return builder.Build();
        hook.Build();
        return await hook.Application.WaitAsync(cancellationToken);
    }

    public void Dispose() => hook.End();

    public ValueTask DisposeAsync()
    {
        hook.End();
        return ValueTask.CompletedTask;
    }
}
