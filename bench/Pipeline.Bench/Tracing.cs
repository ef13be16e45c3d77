using System.Globalization;

/// <summary>
/// What tracing costs: the whole pipeline at full speed without telemetry, and with no image traced, one in a hundred, every one; there and back
/// again, since machines drift. Goal: every image traced costs at most a tenth of the throughput of none traced.
/// Arguments: images per camera (default 15,000: with fewer the services still compile themselves), rounds (default 3).
/// </summary>
internal static class Tracing
{
    private static readonly Case Untraced = new("traced 0", ["--Telemetry:Sampling", "0"]);

    private static readonly Case[] Cases =
    [
        new("telemetry off", [], ("OTEL_SDK_DISABLED", "true")),
        Untraced,
        new("traced 0.01", ["--Telemetry:Sampling", "0.01"]),
        new("traced 1", ["--Telemetry:Sampling", "1"]),
    ];

    public static async Task RunAsync(string[] args)
    {
        var imagesPerCamera = args is [var images, ..] ? int.Parse(images, CultureInfo.InvariantCulture) : 15_000;
        var rounds = args is [_, var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
        await PipelineRun.BuildAsync();
        var perSecond = Cases.ToDictionary(one => one, _ => new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var one in round % 2 == 1 ? Cases : [.. Cases.Reverse()])
            {
                var run = await PipelineRun.MeasureAsync(imagesPerCamera, one.Options, environment: one.Environment);
                perSecond[one].Add(run.PerSecond);
                Console.WriteLine($"{one.Name,-13} {run}");
            }
        }

        var untraced = Median(perSecond[Untraced]);
        foreach (var (one, rates) in perSecond)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{one.Name,-13} median {Median(rates),6:N0} images/s, {Median(rates) / untraced:P0} of untraced (min {rates.Min():N0}, max {rates.Max():N0})"));
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <param name="Name">For people.</param>
    /// <param name="Options">Options of the AppHost.</param>
    /// <param name="Environment">Variables of the AppHost.</param>
    private sealed record Case(string Name, string[] Options, params (string Name, string Value)[] Environment);
}
