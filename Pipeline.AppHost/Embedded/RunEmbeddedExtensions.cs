using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;

/// <summary>Run mode: a program of this repository stands in for a server's container. Publish mode: the container stays.</summary>
/// <remarks>
/// The server keeps its place in the model, with its name, its connection string and what waits for it. A hidden executable owns the same
/// endpoint and receives the same environment; its state, log and commands are shown as the server's. Knows nothing of Kafka or MongoDB.
/// </remarks>
internal static class RunEmbeddedExtensions
{
    /// <summary>Clients and servers agree on the address family: names can resolve to ::1 first.</summary>
    private const string Loopback = "127.0.0.1";

    /// <param name="server">Any server that Aspire would run as a container with one endpoint for clients.</param>
    /// <param name="program">A program that takes <c>--listen HOST:PORT --data FOLDER</c>, and credentials in the container's variables.</param>
    /// <param name="data">Where it keeps its files; null: the container runs, as it does when the pipeline is published.</param>
    /// <param name="endpointName">The endpoint for clients.</param>
    public static IResourceBuilder<T> RunEmbedded<T>(
        this IResourceBuilder<T> server, IProjectMetadata program, DataFolder? data, string endpointName = "tcp")
        where T : ContainerResource
    {
        var app = server.ApplicationBuilder;
        if (data is null || app.ExecutionContext.IsPublishMode)
        {
            return server;
        }

        var endpoint = server.GetEndpoint(endpointName);
        var process = app.AddExecutable($"{server.Resource.Name}-process", ProgramPath.Of(program), Path.GetDirectoryName(program.ProjectPath)!)
            .WithArgs("--listen", ReferenceExpression.Create($"{Loopback}:{endpoint.Property(EndpointProperty.Port)}"), "--data",
                data.For(server.Resource.Name))
            .WithParentRelationship(server)
            .WithHidden()
            .WithOtlpExporter()
            .ExcludeFromManifest();
        var pair = new EmbeddedProcessAnnotation(server.Resource, process.Resource);
        server.WithAnnotation(pair);
        process.WithAnnotation(pair);

        app.Eventing.Subscribe<BeforeStartEvent>((_, _) =>
        {
            TakePlace(server.Resource, process, endpointName);
            return Task.CompletedTask;
        });
        MirrorEvents(app, server.Resource, process.Resource);
        AddCommands(server, process.Resource);
        process.WithRestartAfterCrash();
        return server;
    }

    // Late, because methods such as WithImageTag need what is taken away here.
    private static void TakePlace(ContainerResource server, IResourceBuilder<ExecutableResource> process, string endpointName)
    {
        var annotations = server.Annotations;
        foreach (var image in annotations.Where(annotation => annotation is ContainerImageAnnotation or DockerfileBuildAnnotation).ToArray())
        {
            annotations.Remove(image);                                   // the orchestrator starts what has an image
        }

        foreach (var other in annotations.OfType<EndpointAnnotation>().Where(other => other.Name != endpointName).ToArray())
        {
            annotations.Remove(other);                                   // such as a listener for other containers
        }

        var endpoint = annotations.OfType<EndpointAnnotation>().Single();
        // No proxy: a broker tells clients its own address, and a proxy is a hop.
        (endpoint.IsProxied, endpoint.TargetPort, endpoint.TargetHost) = (false, endpoint.Port, Loopback);
        process.WithAnnotation(endpoint);                                // one endpoint, two owners
        process.WithEnvironment(context => CopyEnvironmentAsync(server, context)).WithEnvironment("OTEL_SERVICE_NAME", server.Name);
        foreach (var explicitStart in annotations.OfType<ExplicitStartupAnnotation>())
        {
            process.WithAnnotation(explicitStart);
        }
    }

    // User name, password, what the caller added; not what tells a container of its own ports, which the program is told by --listen.
    private static async Task CopyEnvironmentAsync(ContainerResource server, EnvironmentCallbackContext context)
    {
        var ofContainer = new EnvironmentCallbackContext(context.ExecutionContext, server, cancellationToken: context.CancellationToken);
        foreach (var environment in server.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await environment.Callback(ofContainer);
        }

        var ownPorts = $"{{{server.Name}.bindings.";
        foreach (var (name, value) in ofContainer.EnvironmentVariables)
        {
            if (value is not IManifestExpressionProvider reference || !reference.ValueExpression.Contains(ownPorts, StringComparison.Ordinal))
            {
                context.EnvironmentVariables[name] = value;
            }
        }
    }

    // What Aspire says of the process it shall also say of the server, and of the databases in it.
    private static void MirrorEvents(IDistributedApplicationBuilder app, ContainerResource server, ExecutableResource process)
    {
        IResource[] ServerAndChildren() => [server, .. app.Resources.OfType<IResourceWithParent>().Where(child => child.Parent == server)];

        app.Eventing.Subscribe<ResourceEndpointsAllocatedEvent>(process, (e, cancellationToken) =>
            app.Eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(server, e.Services), cancellationToken));
        app.Eventing.Subscribe<BeforeResourceStartedEvent>(process, async (e, cancellationToken) =>
        {
            foreach (var resource in ServerAndChildren().Where(resource => resource is IResourceWithConnectionString))
            {
                await app.Eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, e.Services), cancellationToken);
            }

            await app.Eventing.PublishAsync(new BeforeResourceStartedEvent(server, e.Services), cancellationToken);
        });
        app.Eventing.Subscribe<InitializeResourceEvent>(server, (e, cancellationToken) => Task.WhenAll(
            MirrorLogAsync(e, process, cancellationToken),
            MirrorStateAsync(e, process, ServerAndChildren(), cancellationToken)));
    }

    private static async Task MirrorStateAsync(
        InitializeResourceEvent e, ExecutableResource process, IResource[] told, CancellationToken cancellationToken)
    {
        await foreach (var change in e.Notifications.WatchAsync(cancellationToken))
        {
            if (change.Resource != process)
            {
                continue;
            }

            var from = change.Snapshot;
            var isRunning = from.State?.Text == KnownResourceStates.Running;
            foreach (var resource in told)
            {
                await e.Notifications.PublishUpdateAsync(resource, to => to with
                {
                    ResourceType = resource == e.Resource ? from.ResourceType : to.ResourceType,
                    Properties = resource == e.Resource ? Shown(from.Properties) : to.Properties,
                    State = from.State,
                    ExitCode = from.ExitCode,
                    StartTimeStamp = from.StartTimeStamp,
                    StopTimeStamp = from.StopTimeStamp,
                    Urls = [.. to.Urls.Select(url => url with { IsInactive = !isRunning })],
                });
            }
        }
    }

    /// <summary>Process id, program, arguments; not the parent, which is the server: nothing is shown that is its own parent.</summary>
    private static ImmutableArray<ResourcePropertySnapshot> Shown(ImmutableArray<ResourcePropertySnapshot> properties) =>
        [.. properties.Where(property => property.Name != "resource.parentName")];

    private static async Task MirrorLogAsync(InitializeResourceEvent e, ExecutableResource process, CancellationToken cancellationToken)
    {
        var log = e.Services.GetRequiredService<ResourceLoggerService>();
        await foreach (var lines in log.WatchAsync(process).WithCancellation(cancellationToken))
        {
            foreach (var line in lines)
            {
                var text = LogText.Plain(line.Content);
                if (line.IsErrorMessage)
                {
                    e.Logger.ErrorLine(text);
                }
                else
                {
                    e.Logger.Line(text);
                }
            }
        }
    }

    private static void AddCommands<T>(IResourceBuilder<T> server, ExecutableResource process)
        where T : ContainerResource
    {
        Add(KnownResourceCommands.StartCommand, "Start", "Play", whenRunning: false);
        Add(KnownResourceCommands.StopCommand, "Stop", "Stop", whenRunning: true);
        Add(KnownResourceCommands.RestartCommand, "Restart", "ArrowCounterclockwise", whenRunning: true);

        void Add(string name, string displayName, string icon, bool whenRunning) => server.WithCommand(
            name,
            displayName,
            context => context.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(process, name, context.CancellationToken),
            new CommandOptions
            {
                IconName = icon,
                IsHighlighted = true,
                UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running == whenRunning
                    ? ResourceCommandState.Enabled
                    : ResourceCommandState.Hidden,
            });
    }
}
