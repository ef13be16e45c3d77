using System.Globalization;
using System.Text.Json;

/// <summary>What each service allocated for an image, from the metrics in a telemetry file (the Collector's JSON lines).</summary>
internal static class Allocations
{
    private const string Allocated = "dotnet.gc.heap.total_allocated";

    /// <summary>What each service counts images by: the metric, and the value of an attribute of it.</summary>
    private static readonly Dictionary<string, (string Metric, string Value)> Counts = new()
    {
        ["producer"] = ("messaging.client.sent.messages", "image_data"),
        ["inference"] = ("pipeline.images", "predicted"),
        ["db-consumer"] = ("pipeline.images", "stored"),
    };

    /// <summary>Bytes by service, between its first report of an image and its last: starting up is not counted.</summary>
    public static SortedDictionary<string, double> PerImage(IEnumerable<string> files)
    {
        var samples = files.SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("""{"resourceMetrics""", StringComparison.Ordinal))
            .SelectMany(Read)
            .GroupBy(sample => sample.Service);
        var perImage = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var ofService in samples)
        {
            if (ofService.MinBy(sample => sample.Images) is { } first && ofService.MaxBy(sample => sample.Images) is { } last && last.Images > first.Images)
                perImage[ofService.Key] = (last.Bytes - first.Bytes) / (last.Images - first.Images);
        }
        return perImage;
    }

    private static IEnumerable<Sample> Read(string line)
    {
        using var request = JsonDocument.Parse(line);
        foreach (var resource in request.RootElement.GetProperty("resourceMetrics").EnumerateArray())
        {
            var service = Values(resource.GetProperty("resource"), "service.name").FirstOrDefault() ?? "";
            if (!Counts.TryGetValue(service, out var count))
                continue;
            var metrics = resource.GetProperty("scopeMetrics").EnumerateArray().SelectMany(scope => scope.GetProperty("metrics").EnumerateArray()).ToList();
            var bytes = Points(metrics, Allocated).Sum(Number);
            var images = Points(metrics, count.Metric).Where(point => Values(point).Contains(count.Value)).Sum(Number);
            if (bytes > 0 && images > 0)
                yield return new(service, images, bytes);
        }
    }

    private static IEnumerable<JsonElement> Points(List<JsonElement> metrics, string name) => metrics
        .Where(metric => metric.GetProperty("name").GetString() == name)
        .SelectMany(metric => metric.GetProperty("sum").GetProperty("dataPoints").EnumerateArray());

    private static double Number(JsonElement point) => double.Parse(point.GetProperty("asInt").GetString()!, CultureInfo.InvariantCulture);

    /// <summary>The texts among the attributes, of one key or of all.</summary>
    private static IEnumerable<string?> Values(JsonElement described, string? key = null) =>
        described.TryGetProperty("attributes", out var attributes)
            ? attributes.EnumerateArray()
                .Where(attribute => key is null || attribute.GetProperty("key").GetString() == key)
                .Select(attribute => attribute.GetProperty("value").TryGetProperty("stringValue", out var text) ? text.GetString() : null)
            : [];

    private sealed record Sample(string Service, double Images, double Bytes);
}
