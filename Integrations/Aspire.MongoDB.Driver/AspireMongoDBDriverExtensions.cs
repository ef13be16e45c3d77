using Aspire.MongoDB.Driver;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using MongoDB.Driver;
using MongoDB.Driver.Core.Configuration;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// Registers <see cref="IMongoClient"/> for a connection name, with a health check; <see cref="IMongoDatabase"/> too, when the URL names one.
/// </summary>
/// <remarks>Settings, later wins: <c>Aspire:MongoDB:Driver</c>, the same with the connection's name, the connection string, the callbacks.</remarks>
public static class AspireMongoDBDriverExtensions
{
    private const string Section = "Aspire:MongoDB:Driver";
    private const string HealthCheck = "MongoDB.Driver";

    // The driver's own source, and the one of the package that told of its commands before it did so itself.
    private static readonly string[] Sources = ["MongoDB.Driver", "MongoDB.Driver.Core.Extensions.DiagnosticSources"];

    /// <summary>Adds a singleton client, and the database that the connection string names.</summary>
    public static void AddMongoDBClient(
        this IHostApplicationBuilder builder, string connectionName, Action<MongoDBSettings>? configureSettings = null,
        Action<MongoClientSettings>? configureClientSettings = null) =>
        Add(builder, connectionName, isKeyed: false, configureSettings, configureClientSettings);

    /// <summary>Adds a singleton client, and its database, under a key that is also the connection's name.</summary>
    public static void AddKeyedMongoDBClient(
        this IHostApplicationBuilder builder, string name, Action<MongoDBSettings>? configureSettings = null,
        Action<MongoClientSettings>? configureClientSettings = null) =>
        Add(builder, name, isKeyed: true, configureSettings, configureClientSettings);

    private static void Add(
        IHostApplicationBuilder builder, string connectionName, bool isKeyed, Action<MongoDBSettings>? configureSettings,
        Action<MongoClientSettings>? configureClientSettings)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName, isKeyed ? "name" : nameof(connectionName));

        var configuration = builder.Configuration.GetSection(Section);
        var settings = new MongoDBSettings();
        configuration.Bind(settings);
        configuration.GetSection(connectionName).Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        var key = isKeyed ? connectionName : null;                       // without a key the service is an ordinary one
        builder.Services.AddKeyedSingleton<IMongoClient>(key, (services, _) => Create(services, settings, connectionName, configureClientSettings));
        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(Sources));
        }

        if (string.IsNullOrEmpty(settings.ConnectionString))
        {
            return;                                                      // said when the client is resolved
        }

        if (MongoUrl.Create(settings.ConnectionString).DatabaseName is { Length: > 0 } database)
        {
            builder.Services.AddKeyedSingleton(key, (services, _) => services.GetRequiredKeyedService<IMongoClient>(key).GetDatabase(database));
        }

        var check = isKeyed ? $"{HealthCheck}_{connectionName}" : HealthCheck;
        if (!settings.DisableHealthChecks && builder.Properties.TryAdd($"Aspire.HealthChecks.{check}", true))
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                check,
                services => new MongoDBHealthCheck(services.GetRequiredKeyedService<IMongoClient>(key)),
                failureStatus: null,
                tags: null,
                timeout: settings.HealthCheckTimeout is { } milliseconds and > 0
                    ? TimeSpan.FromMilliseconds(milliseconds)
                    : MongoDBHealthCheck.DefaultTimeout));
        }
    }

    private static MongoClient Create(
        IServiceProvider services, MongoDBSettings settings, string connectionName, Action<MongoClientSettings>? configure)
    {
        if (string.IsNullOrEmpty(settings.ConnectionString))
        {
            throw new InvalidOperationException(
                $"No connection string for MongoDB: set ConnectionStrings:{connectionName}, or ConnectionString in section {Section}.");
        }

        var client = MongoClientSettings.FromConnectionString(settings.ConnectionString);
        client.LoggingSettings = new LoggingSettings(services.GetService<ILoggerFactory>());
        client.LibraryInfo = new LibraryInfo("aspire", typeof(MongoDBSettings).Assembly.GetName().Version?.ToString());
        configure?.Invoke(client);
        return new MongoClient(client);
    }
}
