using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Running;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds parameters and connection strings that come from configuration.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value is configured under <c>Parameters:NAME</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        Add(builder, name, $"Parameters:{name}", secret, @default: null);

    /// <summary>Adds a parameter with a value of its own that configuration can replace.</summary>
    /// <exception cref="ArgumentException">A secret may not be published as a default.</exception>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        AddParameter(builder, name, () => value, publishValueAsDefault, secret);

    /// <summary>Adds a parameter with a value of its own that configuration can replace.</summary>
    /// <exception cref="ArgumentException">A secret may not be published as a default.</exception>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false)
    {
        if (publishValueAsDefault && secret)
            throw new ArgumentException("A parameter cannot be both secret and published as a default value.", nameof(secret));
        return Add(builder, name, $"Parameters:{name}", secret, new ConstantParameterDefault(valueGetter, publishValueAsDefault));
    }

    /// <summary>Adds a parameter whose value is made when nothing is configured.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name; the value is looked up under <c>Parameters:NAME</c>.</param>
    /// <param name="value">Makes the value.</param>
    /// <param name="secret">Whether the value is kept from view.</param>
    /// <param name="persist">Whether the value is kept in the AppHost's user secrets, so that the next run finds it.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        Add(builder, name, $"Parameters:{name}", secret, persist ? Kept(builder, $"Parameters:{name}", value) : value);

    /// <summary>Adds a parameter whose value is configured under a key of one's own.</summary>
    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(
        this IDistributedApplicationBuilder builder, string name, string configurationKey, bool secret = false) =>
        Add(builder, name, configurationKey, secret, @default: null);

    /// <summary>Says what the parameter is for.</summary>
    public static IResourceBuilder<ParameterResource> WithDescription(
        this IResourceBuilder<ParameterResource> builder, string description, bool enableMarkdown = false)
    {
        builder.Resource.Description = description;
        builder.Resource.EnableDescriptionMarkdown = enableMarkdown;
        return builder;
    }

    /// <summary>A secret that is made when nothing is configured under <c>Parameters:NAME</c>. It is not added to the application:
    /// what refers to it brings it into the manifest.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder, string name, bool lower = true, bool upper = true, bool numeric = true, bool special = true,
        int minLower = 0, int minUpper = 0, int minNumeric = 0, int minSpecial = 0) =>
        Create(builder, name, $"Parameters:{name}", secret: true, new GenerateParameterDefault
        {
            Lower = lower, Upper = upper, Numeric = numeric, Special = special,
            MinLower = minLower, MinUpper = minUpper, MinNumeric = minNumeric, MinSpecial = minSpecial,
        });

    /// <summary>Adds a connection string that is configured under <c>ConnectionStrings:NAME</c>: a server that runs elsewhere.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null)
    {
        var parameter = new ConnectionStringParameterResource(name, _ => Lookup(builder.Configuration, $"ConnectionStrings:{name}") ??
            throw new MissingParameterValueException(
                $"Connection string parameter resource could not be used because connection string '{name}' is missing. " +
                $"Set the configuration key 'ConnectionStrings:{name}'."), environmentVariableName);
        return builder.AddResource(parameter);
    }

    private static IResourceBuilder<ParameterResource> Add(
        IDistributedApplicationBuilder builder, string name, string key, bool secret, ParameterDefault? @default) =>
        builder.AddResource(Create(builder, name, key, secret, @default));

    private static ParameterResource Create(
        IDistributedApplicationBuilder builder, string name, string key, bool secret, ParameterDefault? @default) =>
        new(name, standIn => Lookup(builder.Configuration, key) ?? standIn?.GetDefaultValue() ??
            throw new MissingParameterValueException(
                $"Parameter resource could not be used because configuration key '{key}' is missing and the Parameter has no default value."), secret)
        {
            Default = @default,
        };

    private static ParameterDefault Kept(IDistributedApplicationBuilder builder, string key, ParameterDefault value) =>
        builder.ExecutionContext.IsRunMode && UserSecrets.Of(builder.AppHostAssembly) is { } secrets
            ? new KeptParameterDefault(value, key, secrets)
            : value;

    // Environment variables cannot carry a hyphen everywhere, so an underscore will do.
    private static string? Lookup(ConfigurationManager configuration, string key) =>
        configuration[key] ?? configuration[key.Replace('-', '_')];

    private sealed class ConnectionStringParameterResource : ParameterResource, IResourceWithConnectionString
    {
        public ConnectionStringParameterResource(string name, Func<ParameterDefault?, string> callback, string? environmentVariable)
            : base(name, callback, secret: true)
        {
            IsConnectionString = true;
            ConnectionStringEnvironmentVariable = environmentVariable;
        }

        public string? ConnectionStringEnvironmentVariable { get; }

        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{(ParameterResource)this}");

        string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";

        ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(cancellationToken);

        public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => GetValueAsync(cancellationToken);
    }
}
