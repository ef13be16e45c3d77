using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.MongoDB;
using Embedded.Tests.Support;

namespace Pipeline.Tests.Integrations;

/// <summary>What AddMongoDB declares: what the official package does, as far as its documentation and its manifests tell.</summary>
public sealed class AddMongoDBTests
{
    private const string Uri = "mongodb://admin:{mongodb-password.value}@{mongodb.bindings.tcp.host}:{mongodb.bindings.tcp.port}/";
    private const string Authentication = "?authSource=admin&authMechanism=SCRAM-SHA-256";

    [Fact]
    public async Task A_server_is_a_container_with_a_generated_password()
    {
        var server = AModel.New().AddMongoDB("mongodb", 27117).Resource;

        var endpoint = AModel.Annotation<EndpointAnnotation>(server);
        Assert.Equal(("tcp", 27117, 27017), (endpoint.Name, endpoint.Port, endpoint.TargetPort));
        var image = AModel.Annotation<ContainerImageAnnotation>(server);
        Assert.Equal(("docker.io", "library/mongo", "8.2"), (image.Registry, image.Image, image.Tag));
        Assert.Equal("mongodb_check", AModel.Annotation<HealthCheckAnnotation>(server).Key);
        Assert.Equal("mongodb-password", server.PasswordParameter!.Name);
        Assert.True(server.PasswordParameter.Secret);
        Assert.Equal(
            new Dictionary<string, string> { ["MONGO_INITDB_ROOT_USERNAME"] = "admin", ["MONGO_INITDB_ROOT_PASSWORD"] = "{mongodb-password.value}" },
            await AModel.VariablesAsync(server));
    }

    [Fact]
    public void Clients_are_told_everything_about_server_and_database()
    {
        var server = AModel.New().AddMongoDB("mongodb");
        var database = server.AddDatabase("images", "image_database").Resource;

        string[] common =
        [
            "Host={mongodb.bindings.tcp.host}", "Port={mongodb.bindings.tcp.port}", "Username=admin", "Password={mongodb-password.value}",
            "AuthenticationDatabase=admin", "AuthenticationMechanism=SCRAM-SHA-256",
        ];
        Assert.Equal([.. common, $"Uri={Uri}{Authentication}"], AModel.Properties(server.Resource));
        Assert.Equal([.. common, $"Uri={Uri}image_database{Authentication}", "DatabaseName=image_database"], AModel.Properties(database));
        Assert.Equal($"{Uri}image_database{Authentication}", database.ConnectionStringExpression.ValueExpression);
        Assert.Equal(("images", "image_database"), Assert.Single(server.Resource.Databases.Select(entry => (entry.Key, entry.Value))));
        Assert.Same(server.Resource, database.Parent);
        Assert.Equal("images_check", AModel.Annotation<HealthCheckAnnotation>(database).Key);
    }

    [Fact]
    public void User_and_password_can_be_parameters_of_the_application()
    {
        var builder = AModel.New();
        var server = builder.AddMongoDB("mongodb", null, builder.AddParameter("user"), builder.AddParameter("secret", secret: true)).Resource;

        Assert.StartsWith("mongodb://{user.value}:{secret.value}@", server.UriExpression.ValueExpression, StringComparison.Ordinal);
        Assert.Equal("{user.value}", server.UserNameReference.ValueExpression);
    }

    [Fact]
    public void Without_a_password_there_is_nothing_to_authenticate()
    {
        var server = new MongoDBServerResource("mongodb");

        Assert.Equal("mongodb://{mongodb.bindings.tcp.host}:{mongodb.bindings.tcp.port}", server.ConnectionStringExpression.ValueExpression);
        Assert.DoesNotContain(AModel.Properties(server), property => property.StartsWith("Password", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_manifest_has_the_data_in_a_volume_and_the_database_as_a_value()
    {
        var manifest = await AModel.ManifestAsync(
            builder => builder.AddMongoDB("mongodb").WithDataVolume("data").WithMongoExpress().AddDatabase("images"));

        var uri = Uri.Replace("password.value", "password-uri-encoded.value", StringComparison.Ordinal);
        Assert.Null(manifest["mongodb-mongoexpress"]);
        AModel.AssertJson($$"""
            {
              "type": "container.v0",
              "connectionString": "{{uri}}{{Authentication}}",
              "image": "docker.io/library/mongo:8.2",
              "volumes": [ { "name": "data", "target": "/data/db", "readOnly": false } ],
              "env": { "MONGO_INITDB_ROOT_USERNAME": "admin", "MONGO_INITDB_ROOT_PASSWORD": "{mongodb-password.value}" },
              "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 27017 } }
            }
            """, manifest["mongodb"]);
        AModel.AssertJson($$"""{ "type": "value.v0", "connectionString": "{{uri}}images{{Authentication}}" }""", manifest["images"]);
        AModel.AssertJson("""
            {
              "type": "parameter.v0",
              "value": "{mongodb-password.inputs.value}",
              "inputs": { "value": { "type": "string", "secret": true, "default": { "generate": { "minLength": 22, "special": false } } } }
            }
            """, manifest["mongodb-password"]);
    }

    [Fact]
    public async Task A_page_shows_the_collections_of_a_server()
    {
        var builder = AModel.New();
        builder.AddMongoDB("mongodb").WithMongoExpress(page => page.WithHostPort(18081));

        var page = Assert.Single(builder.Resources.OfType<MongoExpressContainerResource>());

        Assert.Equal("mongodb-mongoexpress", page.Name);
        var endpoint = AModel.Annotation<EndpointAnnotation>(page);
        Assert.Equal(("http", 18081, 8081), (endpoint.Name, endpoint.Port, endpoint.TargetPort));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["ME_CONFIG_MONGODB_SERVER"] = "mongodb",
                ["ME_CONFIG_MONGODB_PORT"] = "27017",
                ["ME_CONFIG_BASICAUTH"] = "false",
                ["ME_CONFIG_MONGODB_ADMINUSERNAME"] = "admin",
                ["ME_CONFIG_MONGODB_ADMINPASSWORD"] = "{mongodb-password.value}",
            },
            await AModel.VariablesAsync(page));
    }

    [Fact]
    public void Scripts_for_a_new_server_are_copied_into_its_container()
    {
        using var scripts = new TemporaryFolder();

        var files = AModel.Annotation<ContainerFileSystemCallbackAnnotation>(AModel.New().AddMongoDB("mongodb").WithInitFiles(scripts.Path).Resource);

        Assert.Equal("/docker-entrypoint-initdb.d", files.DestinationPath);
    }
}
