using System.Diagnostics;
using System.Globalization;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.Producer;

/// <summary>What a message costs besides the model: encode, decode, noise, and reading the pictures once at the start.</summary>
internal static class Messages
{
    public static Task RunAsync(string[] args)
    {
        var pixels = new byte[Rgb24.ImageBytes];
        new Random(7).NextBytes(pixels);
        var image = CapturedImage.Of(Guid.CreateVersion7().ToString(), "camera-1", "ship", DateTimeOffset.UtcNow, new Rgb24(32, 32, pixels));
        var jpeg = image with { Picture = new Picture(PictureFormat.Jpeg, 32, 32, PictureFiles.Jpeg(32, 32)) };
        var result = new InferenceResult
        {
            ImageId = image.Id,
            ProducerId = image.ProducerId,
            GroundTruth = "ship",
            InferredValue = "car",
            Confidence = 0.5f,
            Probabilities = new float[10],
            ModelName = "resnet20-cifar10",
            ModelVersion = "44a2e68a0960",
            InferenceTime = TimeSpan.FromMilliseconds(1),
            InferredAt = DateTimeOffset.UtcNow,
        };
        var (imageBytes, imageJson, resultBytes) = (image.Write(), jpeg.WriteJson(), result.Write());
        var noise = new SensorNoise(0.04, seed: 1);
        var noisy = new byte[pixels.Length];

        Time("image: write protobuf", () => image.Write());
        Time("image: read protobuf", () => CapturedImage.Parse(imageBytes, MessageEncoding.Protobuf, default));
        Time("image: write JSON with JPEG", () => jpeg.WriteJson());
        Time("image: read JSON with JPEG", () => CapturedImage.Parse(imageJson, MessageEncoding.Json, default));
        Time("result: write protobuf", () => result.Write());
        Time("result: read protobuf", () => InferenceResult.Parse(resultBytes, MessageEncoding.Protobuf, default));
        Time("sensor noise, a picture", () => noise.Add(pixels, noisy));

        var started = Stopwatch.GetTimestamp();
        var pictures = Cifar10.Load(Cifar10Folders.Sample);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{"the test sheet, " + pictures.Count + " pictures",-32} {Stopwatch.GetElapsedTime(started).TotalMilliseconds,10:N0} ms"));
        return Task.CompletedTask;
    }

    /// <summary>The fastest of ten rounds: what is slower is the machine's other work.</summary>
    private static void Time(string name, Action once)
    {
        const int calls = 2_000;
        var best = double.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var call = 0; call < calls; call++)
            {
                once();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMicroseconds / calls);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-32} {best,10:N2} µs"));
    }
}
