using System.Globalization;

/// <summary>
/// What tracing costs: the whole pipeline at full speed without telemetry, with telemetry and no image traced, one in a hundred, every one, and
/// every one while nobody receives it; there and back again, since machines drift. Then what the services allocate for an image, from the
/// runtime's own counter. Goal: every image traced costs at most a tenth of the throughput of none traced.
/// Arguments: images per camera (default 15,000: with fewer the services still compile themselves), rounds (default 3).
/// </summary>
internal static class Tracing
{
    private static readonly Case Untraced = new("traced 0", [], ["--Telemetry:Sampling", "0"]);

    private static readonly Case[] Cases =
    [
        // Without a dashboard nobody receives telemetry, so nobody makes any.
        new("telemetry off", [("Embedded__Dashboard", "false")], []),
        Untraced,
        new("traced 0.01", [], ["--Telemetry:Sampling", "0.01"]),
        new("traced 1", [], ["--Telemetry:Sampling", "1"]),
        new("receiver gone", [("Embedded__Dashboard", "false"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")],
            ["--Telemetry:Sampling", "1"]),
    ];

    public static async Task RunAsync(string[] args)
    {
        var imagesPerCamera = args is [var images, ..] ? int.Parse(images, CultureInfo.InvariantCulture) : 15_000;
        var rounds = args is [_, var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
        await WholePipeline.BuildAsync();
        await CompareThroughputAsync(imagesPerCamera, rounds);
        foreach (var one in Cases.Where(one => one.Environment.Length == 0))
            await ReportAllocationsAsync(one, imagesPerCamera);
    }

    private static async Task CompareThroughputAsync(int imagesPerCamera, int rounds)
    {
        var perSecond = Cases.ToDictionary(one => one, _ => new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var one in round % 2 == 1 ? Cases : [.. Cases.Reverse()])
            {
                var (seconds, line) = await WholePipeline.RunPipelineAsync(imagesPerCamera, one.Environment, one.Options);
                perSecond[one].Add(WholePipeline.Cameras * imagesPerCamera / seconds);
                Console.WriteLine($"{one.Name,-13} {line}");
            }
        }

        var untraced = Median(perSecond[Untraced]);
        foreach (var (one, rates) in perSecond)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{one.Name,-13} median {Median(rates),6:N0} images/s, {Median(rates) / untraced:P0} of untraced (min {rates.Min():N0}, max {rates.Max():N0})"));
        }
    }

    private static async Task ReportAllocationsAsync(Case one, int imagesPerCamera)
    {
        var folder = Directory.CreateTempSubdirectory("tracing-bench-");
        try
        {
            // In development metrics are sent every second; else a run would end before the second sample.
            var file = Path.Combine(folder.FullName, "telemetry.jsonl");
            await WholePipeline.RunPipelineAsync(imagesPerCamera, [("DOTNET_ENVIRONMENT", "Development")], [.. one.Options, "--Telemetry:File", file]);
            var perImage = Allocations.PerImage(folder.EnumerateFiles().Select(part => part.FullName));
            Console.WriteLine($"{one.Name,-13} " + string.Join(", ", perImage.Select(service =>
                string.Create(CultureInfo.InvariantCulture, $"{service.Key} {service.Value / 1000:N1} KB an image"))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <param name="Name">For people.</param>
    /// <param name="Environment">Variables of the AppHost.</param>
    /// <param name="Options">Options of the AppHost.</param>
    private sealed record Case(string Name, (string Name, string Value)[] Environment, string[] Options);
}
