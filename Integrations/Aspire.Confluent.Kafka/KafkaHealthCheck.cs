using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Confluent.Kafka;

/// <summary>Healthy while a broker answers for its cluster on the client's own connection.</summary>
/// <param name="handle">The client's; it outlives the check.</param>
internal sealed class KafkaHealthCheck(Handle handle) : IHealthCheck, IDisposable
{
    private static readonly DescribeClusterOptions AnswerWithin = new() { RequestTimeout = TimeSpan.FromSeconds(2) };

    private readonly IAdminClient _admin = new DependentAdminClientBuilder(handle).Build();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await _admin.DescribeClusterAsync(AnswerWithin).WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (KafkaException exception)
        {
            return new(context.Registration.FailureStatus, exception.Message, exception);
        }
    }

    public void Dispose() => _admin.Dispose();
}
