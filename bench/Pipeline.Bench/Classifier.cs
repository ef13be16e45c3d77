using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using Pipeline.Inference;

/// <summary>Images per second of the service's classifier alone, by runners, batch size and model, the models in turn.</summary>
internal static class Classifier
{
    public static Task RunAsync(string[] args)
    {
        var duration = TimeSpan.FromSeconds(args is [var text, ..] ? double.Parse(text, CultureInfo.InvariantCulture) : 2);
        Console.WriteLine("runners   batch   model   images/s   ms a run");
        foreach (var runners in new[] { 1, Environment.ProcessorCount }.Distinct())
        {
            foreach (var batch in new[] { 1, 4, 8, 16, 32 })
            {
                foreach (var model in ShippedModels.Names)
                {
                    Print(runners, batch, model, duration);
                }
            }
        }
        return Task.CompletedTask;
    }

    private static void Print(int runners, int batch, string model, TimeSpan duration)
    {
        using var classifier = new ImageClassifier(Options.Create(new ModelOptions { Name = model, MaxBatch = batch }));
        var images = 0L;
        var threads = Enumerable.Range(0, runners).Select(_ => new Thread(() =>
        {
            using var runner = classifier.CreateRunner();
            new Random(7).NextBytes(runner.Pixels(0));
            var started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                runner.Run(batch);
                Interlocked.Add(ref images, batch);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        var perSecond = images / duration.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{runners,7} {batch,7} {model,7} {perSecond,10:N0} {1000 * batch * runners / perSecond,10:N2}"));
    }
}
