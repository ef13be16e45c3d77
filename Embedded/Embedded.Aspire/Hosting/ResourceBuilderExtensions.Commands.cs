using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

// What people can have done to a resource.
public static partial class ResourceBuilderExtensions
{
    /// <summary>Adds a command, or replaces one of the same name.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">Unique within the resource.</param>
    /// <param name="displayName">What people read.</param>
    /// <param name="executeCommand">Does it; called for each replica.</param>
    /// <param name="commandOptions">Further choices.</param>
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder, string name, string displayName, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions? commandOptions = null) where T : IResource
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(displayName);
        ArgumentNullException.ThrowIfNull(executeCommand);
        foreach (var same in builder.Resource.Annotations.OfType<ResourceCommandAnnotation>().Where(c => c.Name == name).ToList())
            builder.Resource.Annotations.Remove(same);

        var options = commandOptions ?? new CommandOptions();
        return builder.WithAnnotation(new ResourceCommandAnnotation(
            name, displayName, options.UpdateState ?? (_ => ResourceCommandState.Enabled), executeCommand, options.Description, options.Parameter,
            options.ConfirmationMessage, options.IconName, options.IconVariant, options.IsHighlighted));
    }

    /// <summary>Adds a command that is a request to the resource.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The path of the request.</param>
    /// <param name="displayName">What people read.</param>
    /// <param name="endpointName">Default: <c>https</c> when there is one, else <c>http</c>.</param>
    /// <param name="commandName">Default: made of resource, endpoint, method and path.</param>
    /// <param name="commandOptions">Further choices.</param>
    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(
        this IResourceBuilder<TResource> builder, string path, string displayName, string? endpointName = null, string? commandName = null,
        HttpCommandOptions? commandOptions = null) where TResource : IResourceWithEndpoints
    {
        var options = commandOptions ?? new HttpCommandOptions();
        var endpoint = options.EndpointSelector?.Invoke() ?? builder.GetEndpoint(endpointName ?? HttpEndpointName(builder));
        var method = options.Method ?? HttpMethod.Post;
        // There is nobody to answer before the resource runs and is healthy.
        options.UpdateState ??= context => context.ResourceSnapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
            ? ResourceCommandState.Enabled
            : ResourceCommandState.Disabled;
        builder.ApplicationBuilder.Services.AddHttpClient();
        return builder.WithCommand(
            commandName ?? $"{builder.Resource.Name}-{endpoint.EndpointName}-http-{method.Method.ToLowerInvariant()}-{path}", displayName,
            context => RequestAsync(context, endpoint, method, path, options), options);
    }

    private static string HttpEndpointName<T>(IResourceBuilder<T> builder) where T : IResourceWithEndpoints =>
        builder.GetEndpoint("https").Exists ? "https" : "http";

    private static async Task<ExecuteCommandResult> RequestAsync(
        ExecuteCommandContext context, EndpointReference endpoint, HttpMethod method, string path, HttpCommandOptions options)
    {
        if (!endpoint.IsAllocated) return CommandResults.Failure($"The endpoint '{endpoint.EndpointName}' has no address yet.");

        using var client = context.ServiceProvider.GetRequiredService<IHttpClientFactory>().CreateClient(options.HttpClientName ?? "");
        using var request = new HttpRequestMessage(method, new Uri(new Uri(endpoint.Url), path));
        if (options.PrepareRequest is { } prepare)
        {
            await prepare(new HttpCommandRequestContext
            {
                ServiceProvider = context.ServiceProvider, ResourceName = context.ResourceName, Endpoint = endpoint,
                CancellationToken = context.CancellationToken, HttpClient = client, Request = request,
            });
        }

        using var response = await client.SendAsync(request, context.CancellationToken);
        if (options.GetCommandResult is { } judge)
        {
            return await judge(new HttpCommandResultContext
            {
                ServiceProvider = context.ServiceProvider, ResourceName = context.ResourceName, Endpoint = endpoint,
                CancellationToken = context.CancellationToken, Response = response,
            });
        }
        return response.IsSuccessStatusCode
            ? CommandResults.Success()
            : CommandResults.Failure($"{method} {path} was answered with {(int)response.StatusCode} {response.ReasonPhrase}.");
    }
}
