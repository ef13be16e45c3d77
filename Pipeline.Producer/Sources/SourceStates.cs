using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Pipeline.Producer.Sources;

/// <summary>
/// Which sources cannot be read, and why. One camera that is away leaves the service able to work: it is degraded, and still there for the others.
/// </summary>
internal sealed class SourceStates : IHealthCheck
{
    private readonly ConcurrentDictionary<string, string> _problems = [];

    /// <returns>Whether that is news.</returns>
    public bool Tell(string source, string problem)
    {
        var isNews = !_problems.TryGetValue(source, out var before) || before != problem;
        _problems[source] = problem;
        return isNews;
    }

    /// <returns>Whether there was a problem before.</returns>
    public bool Clear(string source) => _problems.TryRemove(source, out _);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_problems.IsEmpty
        ? HealthCheckResult.Healthy()
        : HealthCheckResult.Degraded("waits for " + string.Join("; ", _problems.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}: {pair.Value}"))));
}
