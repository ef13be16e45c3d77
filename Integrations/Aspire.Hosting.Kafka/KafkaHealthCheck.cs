using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Healthy while the broker answers for its cluster; one client, which keeps its connection between two checks.</summary>
/// <param name="connectionString">The bootstrap server; null until it is known.</param>
internal sealed class KafkaHealthCheck(Func<string?> connectionString) : IHealthCheck, IDisposable
{
    private static readonly DescribeClusterOptions AnswerWithin = new() { RequestTimeout = TimeSpan.FromSeconds(2) };

    private readonly Lazy<IAdminClient> _client = new(() => new AdminClientBuilder(new AdminClientConfig
    {
        BootstrapServers = connectionString(),
        ReconnectBackoffMaxMs = 1000,                                    // notice soon that it is back; the default is 10 s
    })
        .SetLogHandler(static (_, _) => { })                             // the answer says it
        .Build());

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (connectionString() is null)
        {
            return new(context.Registration.FailureStatus, "The broker has no address yet.");
        }

        try
        {
            await _client.Value.DescribeClusterAsync(AnswerWithin).WaitAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (KafkaException exception)
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
