using System.Globalization;

/// <summary>
/// The whole pipeline as a user starts it, beside the bare model loop on the same cores, in turn: the figure is the ratio, since machines are
/// noisy. Goal: at least 0.60 of the bare loop with 15,000 images per camera, and 4,000 images in under 5 s from the first sent to the last stored.
/// Arguments: images per camera (default 5,000; with 1,000 the services still compile themselves while they work), rounds (default 3).
/// </summary>
internal static class WholePipeline
{
    public static async Task RunAsync(string[] args)
    {
        var imagesPerCamera = args is [var images, ..] ? int.Parse(images, CultureInfo.InvariantCulture) : 5_000;
        var rounds = args is [_, var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
        await PipelineRun.BuildAsync();
        var ratios = new List<double>();
        for (var round = 1; round <= rounds; round++)
        {
            var bare = BareModel.ImagesPerSecond(TimeSpan.FromSeconds(4));
            var run = await PipelineRun.MeasureAsync(imagesPerCamera);
            ratios.Add(run.PerSecond / bare);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: bare model {bare:N0} images/s; pipeline {run}; ratio {run.PerSecond / bare:N2}"));
        }

        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio {ratios[ratios.Count / 2]:N2} (goal: at least 0.60)"));
    }
}
