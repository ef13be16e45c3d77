using System.Text;
using System.Text.Json;
using Pipeline.Contracts;

namespace Pipeline.Tests.Contracts;

/// <summary>
/// What Golden/make_messages.py says must be read from each of its records. The Spark job's reader (spark/messages.py) is tested on
/// the same file: what one takes, the other does.
/// </summary>
public sealed class SharedMessagesTests
{
    private static readonly DateTimeOffset RecordTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private sealed record Vector(string Name, string Message, string? ContentType, string? Text, byte[]? Base64, Read? Expected)
    {
        public byte[] Value => Base64 ?? Encoding.UTF8.GetBytes(Text!);
    }

    private sealed record Read(string Id, string Producer, string? Truth, string? Digest, string? Inferred = null, long? CapturedAt = null);

    [Fact]
    public void Every_record_is_read_as_both_readers_must()
    {
        var vectors = Encoding.UTF8.GetString(Vectors.Read("messages.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<Vector>(line, JsonSerializerOptions.Web)!).ToArray();

        Assert.True(vectors.Length > 250);
        Assert.Multiple([.. vectors.Select(vector => (Action)(() =>
        {
            var read = vector.Message == "image" ? Image(vector) : Result(vector);
            Assert.True(read == vector.Expected, $"{vector.Message}, {vector.Name}: expected {vector.Expected}, and read {read}");
        }))]);
    }

    private static Read? Image(Vector vector) =>
        CapturedImage.Parse(vector.Value, vector.ContentType, RecordTime).IsRead(out var image, out _)
            ? new Read(image.Id, image.ProducerId, image.GroundTruth, ImageDigest.Of(image).ToString(),
                CapturedAt: image.CapturedAt == RecordTime ? null : image.CapturedAt.ToUnixTimeMilliseconds())
            : null;

    private static Read? Result(Vector vector) =>
        InferenceResult.Parse(vector.Value, vector.ContentType, RecordTime).IsRead(out var result, out _)
            ? new Read(result.ImageId, result.ProducerId, result.GroundTruth, result.ImageDigest?.ToString(), result.InferredValue)
            : null;
}
