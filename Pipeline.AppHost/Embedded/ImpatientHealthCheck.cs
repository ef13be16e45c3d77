using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

/// <summary>
/// Asks again at once until the answer is good, where Aspire would ask again after 1, 2, 3 … 5 s: a resource counts as ready when it is.
/// </summary>
internal sealed class ImpatientHealthCheck(IHealthCheck check) : IHealthCheck
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Then a bad answer is reported as such.</summary>
    private const int MaxAttempts = 30;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await check.CheckHealthAsync(context, cancellationToken);
            if (result.Status == HealthStatus.Healthy || attempt == MaxAttempts)
            {
                return result;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>For every check of the application's resources.</summary>
    public static void UseFor(IServiceCollection services) => services.PostConfigure<HealthCheckServiceOptions>(options =>
    {
        foreach (var registration in options.Registrations)
        {
            var inner = registration.Factory;
            registration.Factory = provider => new ImpatientHealthCheck(inner(provider));
        }
    });
}
