using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Pipeline.Inference;

/// <summary>
/// The most that the model itself gives on this machine: one thread a core, each with its own buffers, running batch after batch of the
/// shipped ResNet-20 and doing nothing else. What the pipeline reaches is held against this. Arguments: seconds (default 5) and rounds
/// (default 3); each round takes the models in turn.
/// </summary>
internal static class BareModel
{
    private const int Batch = 32;
    private const int BytesPerImage = 32 * 32 * 3;

    public static Task RunAsync(string[] args)
    {
        var duration = TimeSpan.FromSeconds(args is [var seconds, ..] ? double.Parse(seconds, CultureInfo.InvariantCulture) : 5);
        var rounds = args is [_, var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 3;
        for (var round = 1; round <= rounds; round++)
        {
            var measured = ShippedModels.Names.Select(
                model => string.Create(CultureInfo.InvariantCulture, $"{model} {ImagesPerSecond(duration, model):N0} images/s"));
            Console.WriteLine($"round {round}: bare model {string.Join(", ", measured)}");
        }
        return Task.CompletedTask;
    }

    /// <summary>Images per second over the given time, after a warm-up.</summary>
    /// <param name="model">One of <see cref="ShippedModels"/>; null: the one that the services take.</param>
    /// <param name="threads">One a core; null: all cores.</param>
    public static double ImagesPerSecond(TimeSpan duration, string? model = null, int? threads = null)
    {
        OnnxTelemetry.Disable();
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        using var session = new InferenceSession(ShippedModels.Find(model ?? new ModelOptions().Name) ?? throw new ArgumentException($"There is no model {model}.", nameof(model)), options);
        Classify(session, TimeSpan.FromSeconds(0.5));

        var started = Stopwatch.GetTimestamp();
        var images = 0L;
        var running = Enumerable.Range(0, threads ?? Environment.ProcessorCount)
            .Select(_ => new Thread(() => Interlocked.Add(ref images, Classify(session, duration))))
            .ToList();
        running.ForEach(thread => thread.Start());
        running.ForEach(thread => thread.Join());
        return images / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static long Classify(InferenceSession session, TimeSpan duration)
    {
        var pixels = new byte[Batch * BytesPerImage];
        new Random(7).NextBytes(pixels);
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [Batch, 32, 32, 3]);
        using var output = OrtValue.CreateTensorValueFromMemory(new float[Batch * 10], [Batch, 10]);
        using var options = new RunOptions();

        var started = Stopwatch.GetTimestamp();
        var images = 0L;
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            session.Run(options, ["images"], [input], ["probabilities"], [output]);
            images += Batch;
        }

        return images;
    }
}
