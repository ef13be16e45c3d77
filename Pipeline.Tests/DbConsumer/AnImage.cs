using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.DbConsumer;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Tests.DbConsumer;

/// <summary>Images and results with honest defaults; name only what matters.</summary>
internal static class AnImage
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <param name="shade">The value of every pixel's bytes: another shade is another picture.</param>
    public static CapturedImage Of(string id, byte shade = 1, string producer = "camera-1", string? truth = "ship")
    {
        var pixels = new byte[Rgb24.ImageBytes];
        Array.Fill(pixels, shade);
        return CapturedImage.Of(id, producer, truth, Noon, new Rgb24(Rgb24.ImageWidth, Rgb24.ImageHeight, pixels));
    }

    public static InferenceResult ResultOf(string id, string inferred = "car", string producer = "camera-1", string? truth = "ship") => new()
    {
        ImageId = id,
        ProducerId = producer,
        GroundTruth = truth,
        InferredValue = inferred,
        Confidence = 0.75f,
        ModelName = "resnet20-cifar10",
        ModelVersion = "1",
        InferredAt = Noon.AddSeconds(1),
    };

    public static GivenTruth TruthOf(string id, string label = "frog", string by = "Ada", DateTimeOffset? at = null) =>
        new() { Id = id, Label = label, By = by, At = at ?? Noon.AddHours(1) };

    /// <summary>What a model said of this very image.</summary>
    public static InferenceResult ResultOf(CapturedImage image, string inferred = "car") =>
        ResultOf(image.Id, inferred, image.ProducerId, image.GroundTruth) with { ImageDigest = ImageDigest.Of(image) };

    /// <summary>A record of its own batch, taken at some time.</summary>
    public static TakenRecord Record(DateTimeOffset takenAt = default)
    {
        var received = new Received(new ConsumeResult<byte[], byte[]> { Topic = Topics.ImageData }, takenAt);
        return new(received, new OpenBatch(new ConsumedBatch([received])));
    }

    public static ImageUpsert Half(CapturedImage image) => new(image.Id, ImageDigest.Of(image)) { Image = image, Records = [Record()] };

    public static ImageUpsert Half(InferenceResult result) => new(result.ImageId, result.ImageDigest) { Result = result };

    public static ImageUpsert Both(CapturedImage image, InferenceResult result) => Half(image) with { Result = result };
}
