using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds MongoDB to an application model.</summary>
public static class MongoDBBuilderExtensions
{
    private const int DefaultContainerPort = 27017;
    private const string DataTarget = "/data/db";
    private const string UserNameVariable = "MONGO_INITDB_ROOT_USERNAME";
    private const string PasswordVariable = "MONGO_INITDB_ROOT_PASSWORD";

    /// <summary>Adds a server with a generated password.</summary>
    public static IResourceBuilder<MongoDBServerResource> AddMongoDB(this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port) =>
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
            .WithHealthCheck(AddHealthCheck(builder, server));
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
        return builder.ApplicationBuilder.AddResource(database)
            .WithIconName("Database")
            .WithHealthCheck(AddHealthCheck(builder.ApplicationBuilder, database));
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

    private static string AddHealthCheck(IDistributedApplicationBuilder builder, IResourceWithConnectionString resource)
    {
        string? connectionString = null;
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(resource, async (_, cancellationToken) =>
            connectionString = await resource.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false));

        // One check, and so one client, for as long as the application runs.
        var check = new MongoDBHealthCheck(() => connectionString ?? throw new InvalidOperationException("The connection string is not known yet."));
        var name = $"{resource.Name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(name, _ => check, failureStatus: null, tags: null));
        return name;
    }
}
