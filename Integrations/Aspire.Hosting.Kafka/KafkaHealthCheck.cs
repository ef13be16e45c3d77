using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Healthy while the broker answers a metadata request.</summary>
internal sealed class KafkaHealthCheck(Func<string> connectionString) : IHealthCheck
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    // librdkafka's metadata call blocks, so it has a thread of its own for the short while.
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.Run(() => Check(context), cancellationToken);

    private HealthCheckResult Check(HealthCheckContext context)
    {
        try
        {
            using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = connectionString() })
                .SetLogHandler(static (_, _) => { })                     // the answer says it
                .Build();
            return admin.GetMetadata(AnswerWithin).Brokers.Count > 0
                ? HealthCheckResult.Healthy()
                : new(context.Registration.FailureStatus, "No broker answered.");
        }
        catch (Exception exception) when (exception is KafkaException or InvalidOperationException)
        {
            return new(context.Registration.FailureStatus, exception.Message, exception);
        }
    }
}
