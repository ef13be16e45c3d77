using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Confluent.Kafka;

/// <summary>Healthy while a broker answers a metadata request on the client's own connection.</summary>
internal sealed class KafkaHealthCheck(Func<Handle> handle) : IHealthCheck
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        // librdkafka's metadata call blocks, so it has a thread of its own for the short while.
        Task.Run(() => Check(context), cancellationToken);

    private HealthCheckResult Check(HealthCheckContext context)
    {
        try
        {
            using var admin = new DependentAdminClientBuilder(handle()).Build();
            var brokers = admin.GetMetadata(AnswerWithin).Brokers.Count;
            return brokers > 0 ? HealthCheckResult.Healthy() : new(context.Registration.FailureStatus, "No broker answered.");
        }
        catch (Exception exception) when (exception is KafkaException or InvalidOperationException)
        {
            return new(context.Registration.FailureStatus, exception.Message, exception);
        }
    }
}

internal static class KafkaHealthCheckExtensions
{
    public static void AddKafkaHealthCheck(this IHostApplicationBuilder builder, string name, Func<IServiceProvider, Handle> handle) =>
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, services => new KafkaHealthCheck(() => handle(services)), failureStatus: null, tags: null));
}
