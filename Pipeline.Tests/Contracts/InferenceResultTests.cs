using System.Text;
using Pipeline.Contracts;

namespace Pipeline.Tests.Contracts;

public class InferenceResultTests
{
    private static readonly DateTimeOffset RecordTime = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly InferenceResult Golden = new()
    {
        ImageId = "0197d3a0-0000-7000-8000-000000000001",
        ProducerId = "camera-1",
        GroundTruth = "ship",
        InferredValue = "car",
        Confidence = 0.75f,
        Probabilities = new float[] { 0, 0.75f, 0, 0, 0, 0, 0, 0, 0.25f, 0 },
        ModelName = "resnet20-cifar10",
        ModelVersion = "1",
        InferenceTime = TimeSpan.FromMicroseconds(700),
        CapturedAt = UnixNanoseconds.ToInstant(1_750_000_000_123_456_700),
        InferredAt = UnixNanoseconds.ToInstant(1_750_000_000_128_456_700),
    };

    [Fact]
    public void The_protobuf_form_is_the_golden_one_both_ways()
    {
        var golden = Vectors.Read("inference-result.bin");

        Assert.Equal(golden, Golden.Write());
        var read = Read(golden, MessageEncoding.Protobuf);
        Assert.Equal(Golden.Probabilities.ToArray(), read.Probabilities.ToArray());
        Assert.Equal(Golden with { Probabilities = default }, read with { Probabilities = default });
    }

    [Fact]
    public void Classes_of_another_model_travel_by_name()
    {
        var own = Golden with { InferredValue = "weld", Probabilities = new[] { 0.75f, 0.25f }, ClassLabels = ["weld", "no weld"] };

        var read = Read(own.Write(), MessageEncoding.Protobuf);

        Assert.Equal("weld", read.InferredValue);
        Assert.Equal(["weld", "no weld"], read.ClassLabels);
        Assert.Equal(own.Probabilities.ToArray(), read.Probabilities.ToArray());
    }

    [Fact]
    public void The_json_form_is_written_exactly() =>
        Assert.Equal(
            """{"ID":"0197d3a0-0000-7000-8000-000000000001","producer_id":"camera-1","GroundTruth":"ship","InferredValue":"car"}""",
            Encoding.UTF8.GetString(Golden.WriteJson()));

    [Theory]
    [InlineData("""{"ID":"a","producer_id":"p","GroundTruth":"ship","InferredValue":"car"}""", "a", "p", "ship", "car")]
    [InlineData("""{"image_id":3,"device_id":"p","GroundTruth":"airplane","Inferred":"automobile"}""", "p-3", "p", "plane", "car")]
    public void Json_is_read_liberally(string json, string id, string producerId, string truth, string inferred)
    {
        var read = Read(Encoding.UTF8.GetBytes(json), contentType: null);

        Assert.Equal((id, producerId, truth, inferred), (read.ImageId, read.ProducerId, read.GroundTruth, read.InferredValue));
        Assert.Equal(RecordTime, read.InferredAt);
        Assert.Null(read.Confidence);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Assert.Equal(ProblemKind.UnknownLabel, ProblemOf(Golden with { InferredValue = new string('z', 129) }).Kind);
        Assert.Equal(ProblemKind.MissingField, ProblemOf(Golden with { ImageId = "" }).Kind);
        Assert.Equal(ProblemKind.BadValue, ProblemOf(Golden with { Probabilities = new float[9] }).Kind);
        Assert.Equal(ProblemKind.BadValue, ProblemOf(Golden with { ClassLabels = ["weld", "no weld"] }).Kind);
        Assert.Equal(ProblemKind.UnknownLabel, ProblemOf(Golden with { Probabilities = default, ClassLabels = ["we\nld"] }).Kind);
        Assert.Equal(ProblemKind.TooLarge, ProblemOf(Golden with { ClassLabels = [.. Enumerable.Range(0, 11).Select(label => $"{label}")] }).Kind);
        Assert.Equal(ProblemKind.BadValue, ProblemOf(Golden with { Confidence = float.NaN }).Kind);
        Assert.Equal(ProblemKind.BadValue, ProblemOf(Golden with { Confidence = 7 }).Kind);
        Assert.Equal(ProblemKind.TooLarge, ProblemOf(Golden with { ModelName = new string('m', 300) }).Kind);
    }

    [Fact]
    public void No_truncation_no_flipped_bit_and_no_random_bytes_crash_the_reader()
    {
        var value = Golden.Write();
        for (var length = 0; length < value.Length; length++)
        {
            InferenceResult.Parse(value[..length], MessageEncoding.Protobuf, RecordTime).IsRead(out _, out _);
        }

        for (var bit = 0; bit < value.Length * 8; bit++)
        {
            value[bit / 8] ^= (byte)(1 << bit % 8);
            InferenceResult.Parse(value, MessageEncoding.Protobuf, RecordTime).IsRead(out _, out _);
            value[bit / 8] ^= (byte)(1 << bit % 8);
        }
        var random = new Random(13);
        for (var round = 0; round < 20_000; round++)
        {
            var noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            InferenceResult.Parse(noise, round % 2 == 0 ? MessageEncoding.Protobuf : MessageEncoding.Json, RecordTime).IsRead(out _, out _);
        }
    }

    private static InferenceResult Read(byte[] value, string? contentType)
    {
        Assert.True(InferenceResult.Parse(value, contentType, RecordTime).IsRead(out var result, out var problem), problem?.ToString());
        return result;
    }

    private static Problem ProblemOf(InferenceResult result)
    {
        Assert.False(InferenceResult.Parse(result.Write(), MessageEncoding.Protobuf, RecordTime).IsRead(out _, out var problem));
        return problem;
    }
}
