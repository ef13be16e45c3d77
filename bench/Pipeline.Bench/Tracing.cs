using System.Globalization;

/// <summary>
/// What tracing costs: the whole pipeline at full speed with no image traced, one in a hundred, and every one, in turn, since machines drift.
/// Metrics are on in all of them. Goal: every image traced costs at most a tenth of the throughput.
/// Arguments: images per camera (default 5,000), rounds (default 3).
/// </summary>
internal static class Tracing
{
    private static readonly string[] Shares = ["0", "0.01", "1"];

    public static async Task RunAsync(string[] args)
    {
        var imagesPerCamera = args is [var images, ..] ? int.Parse(images, CultureInfo.InvariantCulture) : 5_000;
        var rounds = args is [_, var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
        await WholePipeline.BuildAsync();
        var perSecond = Shares.ToDictionary(share => share, _ => new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            // There and back again, so that none is always first.
            foreach (var share in round % 2 == 1 ? Shares : [.. Shares.Reverse()])
            {
                var (seconds, line) = await WholePipeline.RunPipelineAsync(imagesPerCamera, "--Telemetry:Sampling", share);
                perSecond[share].Add(WholePipeline.Cameras * imagesPerCamera / seconds);
                Console.WriteLine($"traced {share,4}: {line}");
            }
        }

        var none = Median(perSecond[Shares[0]]);
        foreach (var (share, rates) in perSecond)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"traced {share,4}: median {Median(rates),6:N0} images/s, {Median(rates) / none:P0} of untraced (min {rates.Min():N0}, max {rates.Max():N0})"));
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
