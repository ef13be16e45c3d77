using Aspire.MongoDB.Driver;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Driver;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers <see cref="IMongoClient"/> for a connection name, with a health check; <see cref="IMongoDatabase"/> too, when the URL names one.</summary>
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
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        var settings = new MongoDBSettings();
        ConnectionSettings.Bind(builder, Section, connectionName, settings, connectionString => settings.ConnectionString = connectionString);
        configureSettings?.Invoke(settings);

        var key = isKeyed ? connectionName : null;
        builder.Services.AddSingletonFor<IMongoClient>(key, _ => Create(settings, connectionName, configureClientSettings));
        if (settings.ConnectionString is { Length: > 0 } url && MongoUrl.Create(url).DatabaseName is { Length: > 0 } database)
        {
            builder.Services.AddSingletonFor(key, services => services.GetFor<IMongoClient>(key).GetDatabase(database));
        }

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(Sources));
        }

        if (!settings.DisableHealthChecks)
        {
            builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
                isKeyed ? $"{HealthCheck}_{connectionName}" : HealthCheck,
                services => new MongoDBHealthCheck(() => services.GetFor<IMongoClient>(key)),
                failureStatus: null,
                tags: null,
                timeout: settings.HealthCheckTimeout is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null));
        }
    }

    private static MongoClient Create(MongoDBSettings settings, string connectionName, Action<MongoClientSettings>? configure)
    {
        if (string.IsNullOrEmpty(settings.ConnectionString))
        {
            throw new InvalidOperationException(
                $"No connection string for MongoDB: set ConnectionStrings:{connectionName}, or ConnectionString in section {Section}.");
        }

        var client = MongoClientSettings.FromConnectionString(settings.ConnectionString);
        configure?.Invoke(client);
        return new MongoClient(client);
    }
}
