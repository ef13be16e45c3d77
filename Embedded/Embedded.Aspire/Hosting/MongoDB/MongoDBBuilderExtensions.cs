using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.MongoDB;
using Embedded.Aspire.Publishing;
using Embedded.Aspire.Running;

namespace Aspire.Hosting;

/// <summary>Adds MongoDB.</summary>
public static class MongoDBBuilderExtensions
{
    private const string DataTarget = "/data/db";
    private const string InitTarget = "/docker-entrypoint-initdb.d";
    private const int ContainerPort = 27017;

    /// <summary>Adds a server.</summary>
    public static IResourceBuilder<MongoDBServerResource> AddMongoDB(this IDistributedApplicationBuilder builder, string name, int? port) =>
        AddMongoDB(builder, name, port, userName: null, password: null);

    /// <summary>Adds a server. Credentials are for the Aspire stack; the embedded server asks for none.</summary>
    public static IResourceBuilder<MongoDBServerResource> AddMongoDB(
        this IDistributedApplicationBuilder builder, string name, int? port = null,
        IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null)
    {
        var isPublished = builder.ExecutionContext.IsPublishMode;
        var passwordParameter = password?.Resource
            ?? (isPublished ? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false) : null);
        var server = builder.AddResource(new MongoDBServerResource(name, userName?.Resource, passwordParameter) { AsksForCredentials = isPublished })
            .WithEndpoint(port, ContainerPort, name: MongoDBServerResource.PrimaryEndpointName)
            .WithAnnotation(new ContainerImageAnnotation { Registry = "docker.io", Image = "library/mongo", Tag = "8.2" })
            .WithAnnotation(MongoDBContainer.Traits);
        if (isPublished) server.WithEnvironment(MongoDBContainer.Credentials);
        if (userName is not null || password is not null)
            server.WithAnnotation(new EmbeddedNoteAnnotation("AddMongoDB: the embedded server asks for no credentials; user name and password are not used."));
        return server.RunAsEmbeddedServer(new EmbeddedServerAnnotation(
            "MongoDB server", AppHostMetadata.MongoDBPathKey, MongoDBServerResource.PrimaryEndpointName, DataTarget, Probe.MongoDB));
    }

    /// <summary>Adds a database of the server. Its name is the name of the connection string.</summary>
    public static IResourceBuilder<MongoDBDatabaseResource> AddDatabase(
        this IResourceBuilder<MongoDBServerResource> builder, string name, string? databaseName = null)
    {
        databaseName ??= name;
        builder.Resource.AddDatabase(name, databaseName);
        return builder.ApplicationBuilder.AddResource(new MongoDBDatabaseResource(name, databaseName, builder.Resource))
            .WithParentRelationship(builder.Resource);
    }

    /// <summary>Adds a page to look into MongoDB with. The embedded stack has none, and says so in the server's log.</summary>
    public static IResourceBuilder<T> WithMongoExpress<T>(
        this IResourceBuilder<T> builder, Action<IResourceBuilder<MongoExpressContainerResource>>? configureContainer = null, string? containerName = null)
        where T : MongoDBServerResource
    {
        var page = new MongoExpressContainerResource(containerName ?? $"{builder.Resource.Name}-mongoexpress");
        configureContainer?.Invoke(builder.ApplicationBuilder.CreateResourceBuilder(page));
        return builder.WithAnnotation(new EmbeddedNoteAnnotation(
            "WithMongoExpress: mongo-express runs where containers do; the embedded stack leaves it out. mongosh works with the connection string."));
    }

    /// <summary>Chooses the page's port.</summary>
    public static IResourceBuilder<MongoExpressContainerResource> WithHostPort(
        this IResourceBuilder<MongoExpressContainerResource> builder, int? port) =>
        builder.WithEndpoint("http", endpoint => { endpoint.UriScheme = "http"; endpoint.Port = port; });

    /// <summary>Keeps the documents between runs. In the embedded stack a volume is a folder under the AppHost's <c>.data</c>.</summary>
    public static IResourceBuilder<MongoDBServerResource> WithDataVolume(
        this IResourceBuilder<MongoDBServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataTarget, isReadOnly);

    /// <summary>Keeps the documents in a folder, relative to the AppHost's.</summary>
    public static IResourceBuilder<MongoDBServerResource> WithDataBindMount(
        this IResourceBuilder<MongoDBServerResource> builder, string source, bool isReadOnly = false) =>
        builder.WithBindMount(source, DataTarget, isReadOnly);

    /// <summary>Has the container run the scripts of a folder, relative to the AppHost's, when it is new. The embedded server runs none.</summary>
    public static IResourceBuilder<MongoDBServerResource> WithInitFiles(this IResourceBuilder<MongoDBServerResource> builder, string source) =>
        builder.WithBindMount(source, InitTarget, isReadOnly: true).WithAnnotation(new EmbeddedNoteAnnotation(
            $"WithInitFiles: the embedded server does not run the scripts in '{source}'. Run them with mongosh and the connection string."));
}
