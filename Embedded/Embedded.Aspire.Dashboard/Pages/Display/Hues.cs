using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Pages.Display;

/// <summary>A colour for each service, the same on every page; replicas share their service's.</summary>
internal sealed class Hues(TelemetryStore store)
{
    /// <summary>The stylesheet has so many; further services begin again at the first.</summary>
    public const int Count = 8;

    private readonly Dictionary<string, int> _indices = store.Resources.Select(resource => resource.ServiceName).Distinct()
        .Order(StringComparer.Ordinal).Index().ToDictionary(item => item.Item, item => item.Index % Count);

    /// <summary>A class of the stylesheet.</summary>
    public string Of(TelemetryResource resource) => Of(_indices.GetValueOrDefault(resource.ServiceName));

    public static string Of(int index) => $"hue-{index % Count}";
}
