using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Running;

namespace Aspire.Hosting;

// References: how one resource learns where another is. The names of the variables are a contract with the client libraries.
public static partial class ResourceBuilderExtensions
{
    /// <summary>Gives the connection string and its parts.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        connectionName ??= resource.Name;
        builder.WithReferenceRelationship(resource);
        return builder.WithEnvironment(context =>
        {
            var flags = Flags(context.Resource);
            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ConnectionString))
            {
                var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{connectionName}";
                context.EnvironmentVariables[variable] = new ConnectionStringReference(resource, optional);
            }
            if (!flags.HasFlag(ReferenceEnvironmentInjectionFlags.ConnectionProperties)) return;

            var prefix = connectionName.Length == 0 ? "" : VariableName.Encode(connectionName).ToUpperInvariant() + "_";
            foreach (var (name, value) in ConnectionProperties(resource))
                context.EnvironmentVariables[prefix + name.ToUpperInvariant()] = value;
        });
    }

    /// <summary>Gives the URLs of a service, under its name.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => ReferTo(builder, source.Resource, name: null, _ => true);

    /// <summary>Gives the URLs of a service, under another name.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source, string name)
        where TDestination : IResourceWithEnvironment => ReferTo(builder, source.Resource, name, _ => true);

    /// <summary>Gives the URL of one endpoint.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment =>
        ReferTo(builder, endpointReference.Resource, name: null, e => string.Equals(e.Name, endpointReference.EndpointName, StringComparison.OrdinalIgnoreCase));

    /// <summary>Gives the URL of a service outside the application.</summary>
    /// <exception cref="InvalidOperationException">The URL is relative or has a path.</exception>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        if (!uri.IsAbsoluteUri) throw new InvalidOperationException("The uri for service reference must be absolute.");
        if (uri.AbsolutePath != "/") throw new InvalidOperationException("The uri absolute path must be \"/\".");
        return builder.WithEnvironment(context =>
        {
            var flags = Flags(context.Resource);
            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ServiceDiscovery))
                context.EnvironmentVariables[$"services__{name}__default__0"] = uri.ToString();
            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.Endpoints))
                context.EnvironmentVariables[name] = uri.ToString();
        });
    }

    /// <summary>Chooses what references put into the environment of this resource.</summary>
    public static IResourceBuilder<TDestination> WithReferenceEnvironment<TDestination>(
        this IResourceBuilder<TDestination> builder, ReferenceEnvironmentInjectionFlags flags)
        where TDestination : IResourceWithEnvironment =>
        builder.WithAnnotation(new ReferenceEnvironmentInjectionAnnotation(flags), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Adds a part to the connection string's parts.</summary>
    public static IResourceBuilder<T> WithConnectionProperty<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithConnectionString => builder.WithAnnotation(new ConnectionPropertyAnnotation(name, value));

    /// <summary>Adds a part to the connection string's parts.</summary>
    public static IResourceBuilder<T> WithConnectionProperty<T>(this IResourceBuilder<T> builder, string name, string value)
        where T : IResourceWithConnectionString => builder.WithConnectionProperty(name, ReferenceExpression.Create($"{value}"));

    /// <summary>A part of the connection string; empty when there is none of that name.</summary>
    public static ReferenceExpression GetConnectionProperty(this IResourceWithConnectionString resource, string key) =>
        ConnectionProperties(resource).LastOrDefault(p => string.Equals(p.Key, key, StringComparison.OrdinalIgnoreCase)).Value ?? ReferenceExpression.Empty;

    private static IResourceBuilder<TDestination> ReferTo<TDestination>(
        IResourceBuilder<TDestination> builder, IResourceWithEndpoints source, string? name, Func<EndpointAnnotation, bool> which)
        where TDestination : IResourceWithEnvironment
    {
        builder.WithReferenceRelationship(source);
        return builder.WithEnvironment(context =>
        {
            var flags = Flags(context.Resource);
            var service = name ?? source.Name;
            var counts = new Dictionary<string, int>();
            foreach (var endpoint in source.Annotations.OfType<EndpointAnnotation>().Where(which).ToList())
            {
                var url = new EndpointReference(source, endpoint);
                var index = counts[endpoint.UriScheme] = counts.GetValueOrDefault(endpoint.UriScheme, -1) + 1;
                // A name that the AppHost spells out is kept as it is spelled.
                var prefix = VariableName.Encode(service);
                if (name is null) prefix = prefix.ToUpperInvariant();
                if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.Endpoints))
                    context.EnvironmentVariables[$"{prefix}_{VariableName.Encode(endpoint.Name).ToUpperInvariant()}"] = url;
                if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ServiceDiscovery))
                    context.EnvironmentVariables[$"services__{service}__{endpoint.UriScheme}__{index.ToString(CultureInfo.InvariantCulture)}"] = url;
            }
        });
    }

    private static IEnumerable<KeyValuePair<string, ReferenceExpression>> ConnectionProperties(IResourceWithConnectionString resource) =>
        resource.GetConnectionProperties().Concat(resource.Annotations.OfType<ConnectionPropertyAnnotation>()
            .Select(p => KeyValuePair.Create(p.Name, p.ReferenceExpression)));

    private static ReferenceEnvironmentInjectionFlags Flags(IResource resource) =>
        resource.TryGetLastAnnotation<ReferenceEnvironmentInjectionAnnotation>(out var chosen) ? chosen.Flags : ReferenceEnvironmentInjectionFlags.All;
}
