using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Pipeline.Inference;

/// <summary>
/// The most that the model itself gives on this machine: one thread a core, each with its own buffers, running batch after batch of the
/// shipped ResNet-20 and doing nothing else. What the pipeline reaches is held against this.
/// </summary>
internal static class BareModel
{
    private const int Batch = 32;
    private const int BytesPerImage = 32 * 32 * 3;

    public static Task RunAsync(string[] args)
    {
        var seconds = args is [var text, ..] ? double.Parse(text, CultureInfo.InvariantCulture) : 5;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bare model: {ImagesPerSecond(TimeSpan.FromSeconds(seconds)):N0} images/s"));
        return Task.CompletedTask;
    }

    /// <summary>Images per second over the given time, all cores, after a warm-up.</summary>
    public static double ImagesPerSecond(TimeSpan duration)
    {
        OnnxTelemetry.Disable();
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        using var session = new InferenceSession(Path.Combine(Machine.RepositoryRoot, "models", "resnet20-cifar10.onnx"), options);
        Classify(session, TimeSpan.FromSeconds(0.5));

        var started = Stopwatch.GetTimestamp();
        var images = 0L;
        var threads = Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => new Thread(() => Interlocked.Add(ref images, Classify(session, duration))))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
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
