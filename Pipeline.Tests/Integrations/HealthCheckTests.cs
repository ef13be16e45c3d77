using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Embedded.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Integrations;

/// <summary>What the AppHost and a service say of a server, while it is there, while it is gone, and when it is back.</summary>
[Trait("Speed", "slow")]
public sealed class HealthCheckTests : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);       // 2 to 3 s and what a busy machine adds
    private static readonly TimeSpan BackLimit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Kafka_is_healthy_exactly_while_the_broker_answers()
    {
        await using var server = await ServerProcess.StartKafkaAsync(_data.Path);
        await using var app = await AppHostAsync(builder => builder.AddKafka("broker").Resource, server);
        using var service = Service("kafka", server.Address, builder =>
        {
            builder.AddKafkaProducer<string, string>("kafka");
            builder.AddKafkaConsumer<string, string>("kafka", settings => settings.Config.GroupId = "tests");
        });

        await FollowAsync(
            server,
            (app.Services, ["broker_check"]),
            (service.Services, ["Aspire.Confluent.Kafka.Producer", "Aspire.Confluent.Kafka.Consumer"]));
    }

    [Theory]
    [InlineData("secret", HealthStatus.Healthy)]
    [InlineData("wrong", HealthStatus.Unhealthy)]
    public async Task MongoDB_asks_with_the_password(string password, HealthStatus expected)
    {
        await using var server = await StartMongoDBAsync();
        await using var app = await MongoDBAppAsync(server, password);

        Assert.Equal([expected], await AskAsync(app.Services, ["images_check"]));
    }

    [Fact]
    public async Task MongoDB_is_healthy_exactly_while_the_server_answers()
    {
        await using var server = await StartMongoDBAsync();
        await using var app = await MongoDBAppAsync(server, "secret");
        using var service = Service(
            "images", $"mongodb://admin:secret@{server.Address}/images?authSource=admin", builder => builder.AddMongoDBClient("images"));

        await FollowAsync(server, (app.Services, ["images_check"]), (service.Services, ["MongoDB.Driver"]));
    }

    [Fact]
    public async Task Before_the_address_is_known_a_server_is_unhealthy()
    {
        var builder = AModel.New();
        builder.AddKafka("broker");
        builder.AddMongoDB("mongodb");
        await using var app = builder.Build();

        Assert.Equal([HealthStatus.Unhealthy, HealthStatus.Unhealthy], await AskAsync(app.Services, ["broker_check", "mongodb_check"]));
    }

    [Fact]
    public async Task A_check_keeps_its_client_between_two_questions()
    {
        var builder = AModel.New();
        builder.AddKafka("broker");
        builder.AddMongoDB("mongodb");
        await using var app = builder.Build();

        var checks = app.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations
            .Where(registration => registration.Name is "broker_check" or "mongodb_check").ToList();

        Assert.Equal(2, checks.Count);
        Assert.All(checks, check => Assert.Same(check.Factory(app.Services), check.Factory(app.Services)));
    }

    private Task<ServerProcess> StartMongoDBAsync() => ServerProcess.StartMongoDBAsync(
        _data.Path, new Dictionary<string, string> { ["MONGO_INITDB_ROOT_USERNAME"] = "admin", ["MONGO_INITDB_ROOT_PASSWORD"] = "secret" });

    private static Task<DistributedApplication> MongoDBAppAsync(ServerProcess server, string password) => AppHostAsync(
        builder => builder.AddMongoDB("mongodb", password: builder.AddParameter("password", password, secret: true)).AddDatabase("images").Resource,
        server);

    private static async Task FollowAsync(ServerProcess server, params (IServiceProvider Services, string[] Checks)[] watchers)
    {
        await UntilAsync(HealthStatus.Healthy);

        await server.KillAsync();
        foreach (var (services, checks) in watchers)
        {
            var clock = Stopwatch.StartNew();
            Assert.All(await AskAsync(services, checks), status => Assert.Equal(HealthStatus.Unhealthy, status));
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, AnswerLimit);
        }

        await server.RestartAsync();
        await UntilAsync(HealthStatus.Healthy);

        async Task UntilAsync(HealthStatus expected)
        {
            foreach (var (services, checks) in watchers)
            {
                HealthStatus[] seen = [];
                await Polling.UntilAsync(
                    async () => (seen = await AskAsync(services, checks)).All(status => status == expected), BackLimit,
                    () => string.Join(", ", seen));
            }
        }
    }

    private static async Task<HealthStatus[]> AskAsync(IServiceProvider services, string[] checks)
    {
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(
            registration => checks.Contains(registration.Name), TestContext.Current.CancellationToken);
        return [.. checks.Select(check => report.Entries[check].Status)];
    }

    /// <summary>An application that believes the server to be its own, started at that address.</summary>
    private static async Task<DistributedApplication> AppHostAsync(
        Func<IDistributedApplicationBuilder, IResourceWithConnectionString> declare, ServerProcess server)
    {
        var builder = AModel.New();
        var resource = declare(builder);
        var endpoint = builder.Resources.SelectMany(owner => owner.Annotations.OfType<EndpointAnnotation>())
            .Single(endpoint => endpoint.Name == "tcp");
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", server.Port);
        var app = builder.Build();
        await app.Services.GetRequiredService<IDistributedApplicationEventing>()
            .PublishAsync(new ConnectionStringAvailableEvent(resource, app.Services));
        return app;
    }

    private static IHost Service(string name, string connectionString, Action<HostApplicationBuilder> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new($"ConnectionStrings:{name}", connectionString)]);
        add(builder);
        return builder.Build();
    }
}
