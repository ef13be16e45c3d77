using System.Globalization;
using System.Text.Json;

/// <summary>When images were captured and their predictions stored, by the files of spans that services write with <c>--Telemetry:Folder</c>.</summary>
internal static class TracedImages
{
    private const string Capture = "capture image", Store = "process inference_results";

    /// <summary>Of each image that is traced to its end, ms since 1970.</summary>
    public static List<(double CapturedMs, double StoredMs)> Read(string folder)
    {
        var captured = new Dictionary<string, double>();
        var stored = new Dictionary<string, double>();
        foreach (var line in Directory.EnumerateFiles(folder).SelectMany(File.ReadLines).Where(line => line.Length > 0))
        {
            using var request = JsonDocument.Parse(line);
            foreach (var span in Items(request.RootElement, "resourceSpans").SelectMany(of => Items(of, "scopeSpans")).SelectMany(of => Items(of, "spans")))
            {
                var trace = span.GetProperty("traceId").GetString()!;
                switch (span.GetProperty("name").GetString())
                {
                    case Capture:                            // begins when the image is due
                        captured[trace] = Ms(span, "startTimeUnixNano") + LagMs(span);
                        break;
                    case Store:
                        stored[trace] = Ms(span, "endTimeUnixNano");
                        break;
                }
            }
        }
        return [.. captured.Where(image => stored.ContainsKey(image.Key)).Select(image => (image.Value, stored[image.Key]))];
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement of, string name) => of.TryGetProperty(name, out var list) ? list.EnumerateArray() : default;

    private static double Ms(JsonElement span, string name) => double.Parse(span.GetProperty(name).GetString()!, CultureInfo.InvariantCulture) / 1e6;

    private static double LagMs(JsonElement span) =>
        1000 * Items(span, "attributes").First(attribute => attribute.GetProperty("key").GetString() == "pipeline.schedule.lag")
            .GetProperty("value").GetProperty("doubleValue").GetDouble();
}
