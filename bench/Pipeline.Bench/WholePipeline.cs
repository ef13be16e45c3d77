using System.Globalization;

/// <summary>
/// The whole pipeline as a user starts it, beside the bare model loop on the same cores, in turn: the figure is the ratio, since machines are
/// noisy. Goal: at least 0.60 of the bare loop with 15,000 images per camera, and 4,000 images in under 5 s from the first sent to the last stored.
/// Arguments: images per camera (default 5,000; with 1,000 the services still compile themselves while they work), rounds (default 3),
/// models that take turns (default fp32; fp32,int8 compares them).
/// </summary>
internal static class WholePipeline
{
    public static async Task RunAsync(string[] args)
    {
        var imagesPerCamera = args is [var images, ..] ? int.Parse(images, CultureInfo.InvariantCulture) : 5_000;
        var rounds = args is [_, var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
        var models = args is [_, _, var names, ..] ? names.Split(',') : ["fp32"];
        await PipelineRun.BuildAsync();
        var ratios = models.ToDictionary(model => model, _ => new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var model in models)
            {
                var bare = BareModel.ImagesPerSecond(TimeSpan.FromSeconds(4), model);
                var run = await PipelineRun.MeasureAsync(imagesPerCamera, ["--Model", model]);
                ratios[model].Add(run.PerSecond / bare);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"round {round}, {model}: bare model {bare:N0} images/s; pipeline {run}; ratio {run.PerSecond / bare:N2}"));
            }
        }

        foreach (var (model, all) in ratios)
        {
            all.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{model}: median ratio {all[all.Count / 2]:N2} (goal with fp32: at least 0.60)"));
        }
    }
}
