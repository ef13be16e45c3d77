using Google.Protobuf;

namespace Pipeline.Contracts;

/// <summary>What travels on <see cref="Topics.ImageData"/>: a picture, or what one that was sent before shows.</summary>
public abstract record ImageMessage
{
    /// <summary>The image's: unique; our producers make UUIDv7 text.</summary>
    public required string Id { get; init; }

    /// <summary>Reads a record's value in either encoding and checks all of it, of a picture's file the header.</summary>
    /// <param name="value">The record's value; null is a tombstone and refused.</param>
    /// <param name="contentType">The record's <c>content-type</c> header, null when it has none.</param>
    /// <param name="recordTime">The record's timestamp: the capture time, or when the truth was said, where the message carries none.</param>
    public static Parsed<ImageMessage> Parse(byte[]? value, string? contentType, DateTimeOffset recordTime) =>
        MessageEncoding.Read(value, contentType, recordTime, JsonForms.ReadImage, ReadProtobuf);

    private static Parsed<ImageMessage> ReadProtobuf(byte[] value, DateTimeOffset recordTime)
    {
        Wire.CapturedImage wire;
        try
        {
            wire = Wire.CapturedImage.Parser.ParseFrom(value);
        }
        catch (InvalidProtocolBufferException broken)
        {
            return new Problem(ProblemKind.BrokenProtobuf, $"a CapturedImage message was expected: {broken.Message}");
        }

        var at = UnixTime.TryRead(wire.CapturedAtUnixNs, out var instant) ? instant : recordTime;
        return wire is { PixelFormat: Wire.PixelFormat.Unspecified, Pixels.IsEmpty: true, GroundTruth.Length: > 0 }
            ? GivenTruth.Check(wire.ImageId, wire.ProducerId, wire.GroundTruth, wire.TruthBy, at)
            : CapturedImage.Read(wire, at);
    }
}
