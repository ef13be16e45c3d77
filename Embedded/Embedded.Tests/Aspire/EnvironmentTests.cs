using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Embedded.Tests.AspireHost;

/// <summary>What a process finds in its environment: the contract between an AppHost and the client libraries.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public async Task A_reference_to_Kafka_gives_the_connection_string_and_its_parts()
    {
        var builder = Applications.New();
        var kafka = builder.AddKafka("broker");
        var service = builder.AddService("service").WithReference(kafka, "kafka");

        await Applications.AllocateAsync(builder);
        var variables = await Applications.EnvironmentOf(service);

        var port = kafka.Resource.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture);
        Assert.Equal($"127.0.0.1:{port}", variables["ConnectionStrings__kafka"]);
        Assert.Equal("127.0.0.1", variables["KAFKA_HOST"]);
        Assert.Equal(port, variables["KAFKA_PORT"]);
    }

    [Fact]
    public async Task A_reference_to_a_database_names_it_in_the_uri()
    {
        var builder = Applications.New();
        var mongo = builder.AddMongoDB("mongodb");
        var service = builder.AddService("service").WithReference(mongo.AddDatabase("image-database", "image_database")).WithReference(mongo);

        await Applications.AllocateAsync(builder);
        var variables = await Applications.EnvironmentOf(service);

        var server = $"mongodb://127.0.0.1:{mongo.Resource.PrimaryEndpoint.Port}";
        Assert.Equal(server + "/image_database", variables["ConnectionStrings__image-database"]);
        Assert.Equal(server + "/image_database", variables["IMAGE_DATABASE_URI"]);
        Assert.Equal("image_database", variables["IMAGE_DATABASE_DATABASENAME"]);
        Assert.Equal("127.0.0.1", variables["IMAGE_DATABASE_HOST"]);
        Assert.Equal(server, variables["ConnectionStrings__mongodb"]);
        Assert.Equal(server, variables["MONGODB_URI"]);
    }

    [Fact]
    public async Task Two_references_under_different_names_both_appear()
    {
        var builder = Applications.New();
        var kafka = builder.AddKafka("broker");
        var service = builder.AddService("service").WithReference(kafka, "one").WithReference(kafka, "two-2");

        await Applications.AllocateAsync(builder);
        var variables = await Applications.EnvironmentOf(service);

        Assert.Equal(variables["ConnectionStrings__one"], variables["ConnectionStrings__two-2"]);
        Assert.Equal(variables["ONE_PORT"], variables["TWO_2_PORT"]);
    }

    [Fact]
    public async Task A_reference_to_a_service_gives_its_urls_for_service_discovery_and_by_name()
    {
        var builder = Applications.New();
        var api = builder.AddService("the-api").WithHttpsEndpoint();
        var service = builder.AddService("service").WithReference(api);

        await Applications.AllocateAsync(builder);
        var variables = await Applications.EnvironmentOf(service);

        var (http, https) = (api.GetEndpoint("http").Url, api.GetEndpoint("https").Url);
        Assert.Equal(http, variables["services__the-api__http__0"]);
        Assert.Equal(https, variables["services__the-api__https__0"]);
        Assert.Equal(http, variables["THE_API_HTTP"]);
        Assert.Equal(https, variables["THE_API_HTTPS"]);
    }

    [Fact]
    public async Task A_name_that_is_spelled_out_keeps_its_spelling()
    {
        var builder = Applications.New();
        var api = builder.AddService("api");
        var service = builder.AddService("service").WithReference(api, "Backend").WithReference("elsewhere", new Uri("http://example.org"));

        await Applications.AllocateAsync(builder);
        var variables = await Applications.EnvironmentOf(service);

        Assert.Equal(api.GetEndpoint("http").Url, variables["Backend_HTTP"]);
        Assert.Equal(api.GetEndpoint("http").Url, variables["services__Backend__http__0"]);
        Assert.Equal("http://example.org/", variables["services__elsewhere__default__0"]);
    }

    [Fact]
    public async Task A_resource_can_choose_what_references_give_it()
    {
        var builder = Applications.New();
        var kafka = builder.AddKafka("kafka");
        var service = builder.AddService("service").WithReference(kafka).WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString);

        await Applications.AllocateAsync(builder);
        var variables = await Applications.EnvironmentOf(service);

        Assert.Contains("ConnectionStrings__kafka", variables.Keys);
        Assert.DoesNotContain("KAFKA_HOST", variables.Keys);
    }

    [Fact]
    public async Task A_project_learns_who_it_is_and_where_it_listens()
    {
        var builder = Applications.New();
        var service = builder.AddService("service").WithReplicas(2);

        await Applications.AllocateAsync(builder);
        var (first, second) = (await Applications.EnvironmentOf(service, 0), await Applications.EnvironmentOf(service, 1));

        Assert.Equal("service", first["OTEL_SERVICE_NAME"]);
        Assert.Equal("service.instance.id=abcdefgh", first["OTEL_RESOURCE_ATTRIBUTES"]);
        Assert.Equal("in_memory", first["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"]);
        Assert.Equal("simple", first["LOGGING__CONSOLE__FORMATTERNAME"]);
        Assert.DoesNotContain("OTEL_EXPORTER_OTLP_ENDPOINT", first.Keys);           // nobody receives it
        Assert.StartsWith("http://localhost:", first["ASPNETCORE_URLS"], StringComparison.Ordinal);
        Assert.NotEqual(first["ASPNETCORE_URLS"], second["ASPNETCORE_URLS"]);
        Assert.NotEqual(service.GetEndpoint("http").Url, first["ASPNETCORE_URLS"]);
    }

    [Fact]
    public async Task Telemetry_goes_to_the_endpoint_that_is_configured()
    {
        var builder = Applications.New("--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "http://localhost:4318");
        var service = builder.AddService("service");

        await Applications.AllocateAsync(builder);
        var variables = await Applications.EnvironmentOf(service);

        Assert.Equal("http://localhost:4318", variables["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("http/protobuf", variables["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal("1000", variables["OTEL_BSP_SCHEDULE_DELAY"]);
    }

    [Fact]
    public async Task Servers_and_programs_that_ask_learn_where_telemetry_goes_too()
    {
        var builder = Applications.New();
        builder.Configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = "http://localhost:4318";
        builder.Configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:4317";
        builder.Configuration["AppHost:OtlpApiKey"] = "0123";
        var kafka = builder.AddKafka("broker");
        var silent = builder.AddExecutable("silent", "sleep", ".");
        var talker = builder.AddExecutable("talker", "sleep", ".").WithOtlpExporter(OtlpProtocol.Grpc);

        await Applications.AllocateAsync(builder);
        var server = await Applications.EnvironmentOf(kafka);
        var program = await Applications.EnvironmentOf(talker);

        Assert.Equal("http://localhost:4318", server["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("x-otlp-api-key=0123", server["OTEL_EXPORTER_OTLP_HEADERS"]);
        Assert.Equal("broker", server["OTEL_SERVICE_NAME"]);
        Assert.DoesNotContain("LOGGING__CONSOLE__FORMATTERNAME", server.Keys);      // that is for projects
        Assert.Equal("grpc", program["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal("http://localhost:4317", program["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.DoesNotContain((await Applications.EnvironmentOf(silent)).Keys, name => name.StartsWith("OTEL_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_launch_profile_gives_endpoints_arguments_and_variables_that_do_not_override()
    {
        var builder = Applications.New();
        var service = builder.AddProject<Projects.Embedded_Tests_Service>("service").WithEnvironment("FROM_PROFILE", "no");

        await Applications.AllocateAsync(builder);
        var variables = await Applications.EnvironmentOf(service);

        Assert.Equal(5299, service.GetEndpoint("http").EndpointAnnotation.Port);
        Assert.Equal("Development", variables["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal("http", variables["DOTNET_LAUNCH_PROFILE"]);
        Assert.Equal("no", variables["FROM_PROFILE"]);
    }

    [Fact]
    public async Task Variables_take_every_kind_of_value_and_the_last_write_wins()
    {
        var builder = Applications.New("--Parameters:secret", "s3cret");
        var secret = builder.AddParameter("secret", secret: true);
        var kafka = builder.AddKafka("kafka");
        var other = builder.AddService("other");
        var service = builder.AddService("service")
            .WithEnvironment("TEXT", "a").WithEnvironment("TEXT", "b")
            .WithEnvironment("SECRET", secret)
            .WithEnvironment("COMPOSED", $"<{secret}>")
            .WithEnvironment("LATE", () => "late")
            .WithEnvironment("URL", other.GetEndpoint("http"))
            .WithEnvironment("BROKER", kafka)
            .WithEnvironment("PORT", other.GetEndpoint("http").Property(EndpointProperty.Port))
            .WithEnvironment(context => { context.EnvironmentVariables["WHO"] = context.Resource.Name; });

        await Applications.AllocateAsync(builder);
        var variables = await Applications.EnvironmentOf(service);

        Assert.Equal("b", variables["TEXT"]);
        Assert.Equal("s3cret", variables["SECRET"]);
        Assert.Equal("<s3cret>", variables["COMPOSED"]);
        Assert.Equal("late", variables["LATE"]);
        Assert.Equal(other.GetEndpoint("http").Url, variables["URL"]);
        Assert.Equal(await kafka.Resource.ConnectionStringExpression.GetValueAsync(CancellationToken.None), variables["BROKER"]);
        Assert.Equal(other.GetEndpoint("http").Port.ToString(CultureInfo.InvariantCulture), variables["PORT"]);
        Assert.Equal("service", variables["WHO"]);
    }

    [Fact]
    public async Task A_missing_connection_string_is_an_error_unless_it_is_optional()
    {
        var builder = Applications.New();
        var empty = builder.AddConnectionString("empty", ReferenceExpression.Empty);
        var relaxed = builder.AddService("relaxed").WithReference(empty, optional: true);
        var strict = builder.AddService("strict").WithReference(empty);

        await Applications.AllocateAsync(builder);

        Assert.DoesNotContain("ConnectionStrings__empty", (await Applications.EnvironmentOf(relaxed)).Keys);
        await Assert.ThrowsAsync<DistributedApplicationException>(() => Applications.EnvironmentOf(strict));
    }
}
