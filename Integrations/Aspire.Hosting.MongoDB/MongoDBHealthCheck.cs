using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Aspire.Hosting.MongoDB;

/// <summary>Healthy while the server answers a ping with the credentials of the connection string; one client for all checks.</summary>
/// <param name="connectionString">The server's or a database's URI; null until it is known.</param>
internal sealed class MongoDBHealthCheck(Func<string?> connectionString) : IHealthCheck, IDisposable
{
    /// <summary>For a server that holds the connection and says nothing.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FindServerWithin = TimeSpan.FromSeconds(2);
    private static readonly BsonDocument Ping = new("ping", 1);

    private readonly Lazy<MongoClient> _client = new(() =>
    {
        var settings = MongoClientSettings.FromConnectionString(connectionString());
        settings.ServerSelectionTimeout = FindServerWithin;
        return new MongoClient(settings);
    });

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (connectionString() is null)
        {
            return new(context.Registration.FailureStatus, "The server has no address yet.");
        }

        try
        {
            await _client.Value.GetDatabase("admin").RunCommandAsync<BsonDocument>(Ping, cancellationToken: cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is MongoException or TimeoutException)
        {
            return new(context.Registration.FailureStatus, exception.Message, exception);
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }
}
