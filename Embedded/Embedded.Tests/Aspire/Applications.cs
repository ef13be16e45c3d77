using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Embedded.Aspire.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Embedded.Tests.AspireHost;

/// <summary>Applications for tests, and questions to them.</summary>
internal static class Applications
{
    /// <summary>Long enough for a busy machine; a test that comes near it has failed.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>An empty application whose AppHost is Embedded.Tests.AppHost, so that the projects it was built with can be started.</summary>
    public static IDistributedApplicationTestingBuilder New(params string[] args) => DistributedApplicationTestingBuilder.Create(
        args, (options, _) => options.AssemblyName = typeof(Projects.Embedded_Tests_AppHost).Assembly.GetName().Name);

    public static IResourceBuilder<ProjectResource> AddService(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject<Projects.Embedded_Tests_Service>(name, launchProfileName: null).WithHttpEndpoint();

    public static CancellationToken Deadline() => new CancellationTokenSource(Limit).Token;

    /// <summary>Decides the addresses as a start would.</summary>
    public static async Task AllocateAsync(IDistributedApplicationBuilder builder, bool randomizePorts = true)
    {
        await using var allocator = new EndpointAllocator(randomizePorts, builder.AppHostDirectory, NullLogger.Instance);
        foreach (var resource in builder.Resources.OfType<IResourceWithEndpoints>()) allocator.Allocate(resource);
    }

    /// <summary>The variables that a replica would get.</summary>
    public static Task<Dictionary<string, string>> EnvironmentOf<T>(IResourceBuilder<T> builder, int replicaIndex = 0) where T : IResource =>
        ResourceEnvironment.BuildAsync(builder.Resource, new ReplicaContext
        {
            ExecutionContext = builder.ApplicationBuilder.ExecutionContext, Caller = builder.Resource, ReplicaIndex = replicaIndex, InstanceId = "abcdefgh",
        }, NullLogger.Instance, CancellationToken.None);

    public static IResource Resource(this DistributedApplication app, string name) =>
        app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(r => r.Name == name);

    /// <summary>Asks a service over a connection of its own, so that a forwarder may choose anew.</summary>
    public static async Task<string> AskAsync(this DistributedApplication app, string resource, string path)
    {
        using var client = app.CreateHttpClient(resource, "http");
        return await client.GetStringAsync(new Uri(path, UriKind.Relative), Deadline());
    }

    public static async Task TellAsync(this DistributedApplication app, string resource, string path)
    {
        using var client = app.CreateHttpClient(resource, "http");
        try { using var _ = await client.PostAsync(new Uri(path, UriKind.Relative), content: null, Deadline()); }
        catch (HttpRequestException) { /* it may end before it answers */ }
    }
}
