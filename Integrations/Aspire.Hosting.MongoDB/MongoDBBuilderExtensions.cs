using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.MongoDB;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds MongoDB to an application model.</summary>
public static class MongoDBBuilderExtensions
{
    private const int DefaultContainerPort = 27017;
    private const int MongoExpressPort = 8081;
    private const string DataTarget = "/data/db";
    private const string InitTarget = "/docker-entrypoint-initdb.d";
    private const string UserNameVariable = "MONGO_INITDB_ROOT_USERNAME";
    private const string PasswordVariable = "MONGO_INITDB_ROOT_PASSWORD";

    /// <summary>Adds a server with a generated password.</summary>
    public static IResourceBuilder<MongoDBServerResource> AddMongoDB(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port) =>
        AddMongoDB(builder, name, port, userName: null, password: null);

    /// <summary>Adds a server.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, and the name of its connection string.</param>
    /// <param name="port">The port that clients on the host use; null: a free one.</param>
    /// <param name="userName">The user; null: <c>admin</c>.</param>
    /// <param name="password">The password; null: a generated one, kept in user secrets.</param>
    public static IResourceBuilder<MongoDBServerResource> AddMongoDB(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null,
        IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        // Without special characters: drivers read the password out of a URI.
        var passwordParameter = password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false);
        var server = new MongoDBServerResource(name, userName?.Resource, passwordParameter);
        return builder.AddResource(server)
            .WithEndpoint(port: port, targetPort: DefaultContainerPort, name: MongoDBServerResource.PrimaryEndpointName)
            .WithImage(MongoDBContainerImageTags.Image, MongoDBContainerImageTags.Tag)
            .WithImageRegistry(MongoDBContainerImageTags.Registry)
            .WithIconName("DatabaseMultiple")
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables[UserNameVariable] = server.UserNameReference;
                context.EnvironmentVariables[PasswordVariable] = passwordParameter;
            })
            .WithPing();
    }

    /// <summary>Adds a database of the server.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The resource's name, and the name of its connection string.</param>
    /// <param name="databaseName">What the server calls it; null: <paramref name="name"/>.</param>
    public static IResourceBuilder<MongoDBDatabaseResource> AddDatabase(
        this IResourceBuilder<MongoDBServerResource> builder, [ResourceName] string name, string? databaseName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var database = new MongoDBDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(database.Name, database.DatabaseName);
        return builder.ApplicationBuilder.AddResource(database).WithIconName("Database").WithPing();
    }

    /// <summary>Adds a container with a page about the server's collections.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="configureContainer">Further settings of the container.</param>
    /// <param name="containerName">Its resource's name; null: the server's, with <c>-mongoexpress</c> after it.</param>
    public static IResourceBuilder<T> WithMongoExpress<T>(
        this IResourceBuilder<T> builder, Action<IResourceBuilder<MongoExpressContainerResource>>? configureContainer = null,
        string? containerName = null)
        where T : MongoDBServerResource
    {
        ArgumentNullException.ThrowIfNull(builder);

        var page = builder.ApplicationBuilder.AddResource(new MongoExpressContainerResource(containerName ?? $"{builder.Resource.Name}-mongoexpress"))
            .WithImage(MongoDBContainerImageTags.MongoExpressImage, MongoDBContainerImageTags.MongoExpressTag)
            .WithImageRegistry(MongoDBContainerImageTags.Registry)
            .WithHttpEndpoint(targetPort: MongoExpressPort)
            .WithEnvironment(context => ConfigureMongoExpress(context, builder.Resource))
            .WithParentRelationship(builder)
            .ExcludeFromManifest();
        configureContainer?.Invoke(page);
        return builder;
    }

    /// <summary>Fixes the page's port on the host.</summary>
    /// <param name="builder">The page's container.</param>
    /// <param name="port">The port; null: a free one.</param>
    public static IResourceBuilder<MongoExpressContainerResource> WithHostPort(
        this IResourceBuilder<MongoExpressContainerResource> builder, int? port)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithEndpoint("http", endpoint => endpoint.Port = port);
    }

    /// <summary>Keeps the data in a volume.</summary>
    public static IResourceBuilder<MongoDBServerResource> WithDataVolume(
        this IResourceBuilder<MongoDBServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataTarget, isReadOnly);
    }

    /// <summary>Keeps the data in a folder of the host.</summary>
    public static IResourceBuilder<MongoDBServerResource> WithDataBindMount(
        this IResourceBuilder<MongoDBServerResource> builder, string source, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return builder.WithBindMount(source, DataTarget, isReadOnly);
    }

    /// <summary>Has the server run the scripts of a folder of the host when its data is new.</summary>
    [Obsolete("Use WithInitFiles instead.")]
    public static IResourceBuilder<MongoDBServerResource> WithInitBindMount(
        this IResourceBuilder<MongoDBServerResource> builder, string source, bool isReadOnly = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return builder.WithBindMount(source, InitTarget, isReadOnly);
    }

    /// <summary>Copies scripts into the container, which runs them when its data is new.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="source">A file or a folder; a relative path starts at the AppHost's folder.</param>
    public static IResourceBuilder<MongoDBServerResource> WithInitFiles(this IResourceBuilder<MongoDBServerResource> builder, string source)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return builder.WithContainerFiles(InitTarget, Path.GetFullPath(source, builder.ApplicationBuilder.AppHostDirectory));
    }

    // Reached as the containers' network names it.
    private static void ConfigureMongoExpress(EnvironmentCallbackContext context, MongoDBServerResource server)
    {
        var variables = context.EnvironmentVariables;
        variables["ME_CONFIG_MONGODB_SERVER"] = server.Name;
        if (server.PrimaryEndpoint.TargetPort is { } port)
        {
            variables["ME_CONFIG_MONGODB_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        }

        variables["ME_CONFIG_BASICAUTH"] = "false";
        if (server.PasswordParameter is null)
        {
            return;
        }

        variables["ME_CONFIG_MONGODB_ADMINUSERNAME"] = server.UserNameReference;
        variables["ME_CONFIG_MONGODB_ADMINPASSWORD"] = server.PasswordParameter;
    }

    private static IResourceBuilder<T> WithPing<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithConnectionString
    {
        string? connectionString = null;
        var check = $"{builder.Resource.Name}_check";
        var services = builder.ApplicationBuilder.Services;
        services.AddKeyedSingleton(check, (_, _) => new MongoDBHealthCheck(() => connectionString));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            check, provider => provider.GetRequiredKeyedService<MongoDBHealthCheck>(check), failureStatus: null, tags: null,
            MongoDBHealthCheck.Timeout));
        return builder
            .OnConnectionStringAvailable(async (resource, _, cancellationToken) =>
                connectionString = await resource.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false))
            .WithHealthCheck(check);
    }
}
