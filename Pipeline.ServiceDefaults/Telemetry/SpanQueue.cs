using Microsoft.Extensions.Configuration;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>
/// The SDK's queue of ended spans, unless the environment says otherwise. Its own 2,048 overflow within half a second of full
/// load, and what is too much is dropped; a span waits for 200 ms at most, so a person sees an image at once.
/// </summary>
internal static class SpanQueue
{
    private static readonly (string Setting, string Value)[] Defaults =
    [
        ("OTEL_BSP_MAX_QUEUE_SIZE", "65536"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4096"),
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
    ];

    public static void SetDefaults(IConfiguration configuration)
    {
        foreach (var (setting, value) in Defaults)
        {
            configuration[setting] ??= value;
        }
    }
}
