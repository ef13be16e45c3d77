using Embedded.Aspire.Dashboard.Live;
using Microsoft.Extensions.Options;

namespace Embedded.Aspire.Dashboard.Telemetry;

internal static class TelemetryServices
{
    /// <summary>What services send: kept in a <see cref="TelemetryStore"/>.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<TelemetryLimits>().BindConfiguration(TelemetryLimits.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(provider => new TelemetryStore(provider.GetRequiredService<IOptions<TelemetryLimits>>().Value));
        AddTopic("traces", store => store.Traces.Version);
        AddTopic("logs", store => store.Logs.Version);
        AddTopic("metrics", store => store.Metrics.Version);

        void AddTopic(string name, Func<TelemetryStore, long> version) =>
            builder.Services.AddSingleton(provider => new LiveTopic(name, () => version(provider.GetRequiredService<TelemetryStore>())));
    }
}
