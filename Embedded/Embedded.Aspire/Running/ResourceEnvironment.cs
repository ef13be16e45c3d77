using System.Collections;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Embedded.Aspire.Running;

/// <summary>
/// Puts the environment and the arguments of a replica together. Callbacks run in the order in which they were added, at every
/// start; later writes win.
/// </summary>
internal static class ResourceEnvironment
{
    // What configures the AppHost is not for its children.
    private static readonly string[] NotInherited = ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"];

    /// <summary>The variables that the AppHost gives, without those that are inherited.</summary>
    public static async Task<Dictionary<string, string>> BuildAsync(
        IResource resource, ReplicaContext replica, ILogger log, CancellationToken cancellation)
    {
        var context = new EnvironmentCallbackContext(replica.ExecutionContext!, resource, cancellationToken: cancellation) { Logger = log };
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList())
            await annotation.Callback(context);

        var variables = new Dictionary<string, string>();
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            if (await ResolveAsync(value, replica, cancellation) is { } text) variables[name] = text;
        }
        return variables;
    }

    /// <summary>The arguments that the AppHost gives.</summary>
    public static async Task<List<string>> ArgsAsync(IResource resource, ReplicaContext replica, ILogger log, CancellationToken cancellation)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellation) { ExecutionContext = replica.ExecutionContext!, Logger = log };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList())
            await annotation.Callback(context);

        return await ResolveAllAsync(context.Args, replica, cancellation);
    }

    /// <summary>The arguments for the container engine that the AppHost gives.</summary>
    public static async Task<List<string>> RuntimeArgsAsync(IResource resource, ReplicaContext replica, CancellationToken cancellation)
    {
        var context = new ContainerRuntimeArgsCallbackContext([], cancellation);
        foreach (var annotation in resource.Annotations.OfType<ContainerRuntimeArgsCallbackAnnotation>().ToList())
            await annotation.Callback(context);
        return await ResolveAllAsync(context.Args, replica, cancellation);
    }

    /// <summary>The AppHost's own environment, without what is its own, and then the given variables.</summary>
    public static Dictionary<string, string> WithInherited(IReadOnlyDictionary<string, string> variables)
    {
        var all = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (DictionaryEntry inherited in Environment.GetEnvironmentVariables())
            all[(string)inherited.Key] = (string?)inherited.Value ?? "";
        foreach (var name in NotInherited) all.Remove(name);
        foreach (var (name, value) in variables) all[name] = value;
        return all;
    }

    private static async Task<List<string>> ResolveAllAsync(IList<object> args, ReplicaContext replica, CancellationToken cancellation)
    {
        var texts = new List<string>();
        foreach (var arg in args)
        {
            if (await ResolveAsync(arg, replica, cancellation) is { } text) texts.Add(text);
        }
        return texts;
    }

    private static async ValueTask<string?> ResolveAsync(object? value, ReplicaContext replica, CancellationToken cancellation) => value switch
    {
        null => null,
        string text => text,
        IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(replica, cancellation),
        IValueProvider provider => await provider.GetValueAsync(replica, cancellation),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
