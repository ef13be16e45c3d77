using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Tests.Support;

/// <summary>What parts get of the host that they run in.</summary>
internal static class AHost
{
    public static PipelineMetrics Metrics() =>
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
}
