using Aspire.MongoDB.Driver;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MongoDB.Driver;

namespace Pipeline.Tests.Integrations;

/// <summary>What AddMongoDBClient registers, and from which settings.</summary>
public sealed class MongoDBClientTests
{
    private const string Section = "Aspire:MongoDB:Driver";

    [Fact]
    public void Later_settings_win()
    {
        var builder = ABuilder(
            ($"{Section}:ConnectionString", "mongodb://section"), ($"{Section}:HealthCheckTimeout", "100"), ($"{Section}:DisableTracing", "true"),
            ($"{Section}:images:ConnectionString", "mongodb://named"), ($"{Section}:images:HealthCheckTimeout", "200"),
            ("ConnectionStrings:images", "mongodb://connection/images"));

        MongoDBSettings settings = null!;
        builder.AddMongoDBClient("images", given => settings = given, client => client.Server = new MongoServerAddress("callback"));
        using var host = builder.Build();

        Assert.Equal(("mongodb://connection/images", 200, true), (settings.ConnectionString, settings.HealthCheckTimeout, settings.DisableTracing));
        var client = host.Services.GetRequiredService<IMongoClient>();
        Assert.Equal(("callback", "aspire"), (client.Settings.Server.Host, client.Settings.LibraryInfo.Name));
        Assert.Same(client, host.Services.GetRequiredService<IMongoDatabase>().Client);
        Assert.Equal("images", host.Services.GetRequiredService<IMongoDatabase>().DatabaseNamespace.DatabaseName);
    }

    [Fact]
    public void A_missing_connection_string_is_said_when_the_client_is_resolved()
    {
        var builder = ABuilder();
        builder.AddMongoDBClient("images");
        using var host = builder.Build();

        var refused = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IMongoClient>());

        Assert.Contains("ConnectionStrings:images", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_tells_clients_and_their_checks_apart()
    {
        var builder = ABuilder(("ConnectionStrings:one", "mongodb://one/database"), ("ConnectionStrings:two", "mongodb://two"));
        builder.AddMongoDBClient("one");
        builder.AddKeyedMongoDBClient("one");
        builder.AddKeyedMongoDBClient("two", settings => settings.DisableHealthChecks = true);
        using var host = builder.Build();

        Assert.NotSame(host.Services.GetRequiredService<IMongoClient>(), host.Services.GetRequiredKeyedService<IMongoClient>("one"));
        Assert.Equal("two", host.Services.GetRequiredKeyedService<IMongoClient>("two").Settings.Server.Host);
        Assert.NotNull(host.Services.GetKeyedService<IMongoDatabase>("one"));
        Assert.Null(host.Services.GetKeyedService<IMongoDatabase>("two"));
        Assert.Equal(
            ["MongoDB.Driver", "MongoDB.Driver_one"],
            host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(check => check.Name));
    }

    private static HostApplicationBuilder ABuilder(params (string Key, string Value)[] configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(configuration.Select(entry => KeyValuePair.Create(entry.Key, (string?)entry.Value)));
        return builder;
    }
}
