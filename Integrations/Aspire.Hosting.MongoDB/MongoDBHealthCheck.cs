using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Aspire.Hosting;

/// <summary>Healthy while the server answers a ping with the credentials of the connection string.</summary>
internal sealed class MongoDBHealthCheck(Func<string> connectionString) : IHealthCheck, IDisposable
{
    private static readonly BsonDocument Ping = new("ping", 1);

    private MongoClient? _client;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            _client ??= new MongoClient(connectionString());
            await _client.GetDatabase("admin").RunCommandAsync<BsonDocument>(Ping, cancellationToken: cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is MongoException or TimeoutException or InvalidOperationException)
        {
            return new(context.Registration.FailureStatus, exception.Message, exception);
        }
    }

    public void Dispose() => _client?.Dispose();
}
