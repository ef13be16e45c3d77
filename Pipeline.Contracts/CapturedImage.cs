using Google.Protobuf;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Contracts;

/// <summary>One picture a camera took, as it travels on <see cref="Topics.ImageData"/>.</summary>
/// <remarks>
/// An instance is whole and checked, but for the pixels of a picture that is a file: only inference decodes them. Where they are broken, inference
/// refuses the image and the store keeps it, without a prediction.
/// </remarks>
public sealed record CapturedImage : ImageMessage
{
    /// <summary>Who a picture is from when its message does not say.</summary>
    public const string UnknownProducer = "unknown";

    public required string ProducerId { get; init; }

    /// <summary>What the picture shows, a label; null where its sender does not know.</summary>
    public required string? GroundTruth { get; init; }

    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>The picture as it came.</summary>
    public required Picture Picture { get; init; }

    public static CapturedImage Of(string id, string producerId, string? groundTruth, DateTimeOffset capturedAt, Picture picture) => new()
    {
        Id = id,
        ProducerId = producerId,
        GroundTruth = groundTruth,
        CapturedAt = capturedAt,
        Picture = picture,
    };

    /// <summary>As <see cref="Of"/>, of what somebody else says: checked as if it had come in a message.</summary>
    public static Parsed<CapturedImage> Checked(string id, string producerId, string? groundTruth, DateTimeOffset capturedAt, Picture picture) =>
        Check(id, producerId, groundTruth, capturedAt, picture).IsRead(out var image, out var problem) ? (CapturedImage)image : problem;

    /// <summary>Reads a record that must be a picture, as <see cref="ImageMessage.Parse"/> does.</summary>
    public static new Parsed<CapturedImage> Parse(byte[]? value, string? contentType, DateTimeOffset recordTime) =>
        ImageMessage.Parse(value, contentType, recordTime).IsRead(out var message, out var problem)
            ? message is CapturedImage image ? image : new Problem(ProblemKind.MissingField, "a picture was expected, and a truth alone came")
            : problem;

    /// <summary>Reads the picture of a JSON text that need hold nothing else: a file in base64 under any of the names of <c>Data</c>.</summary>
    public static Parsed<Picture> ParsePicture(ReadOnlySpan<byte> json) => JsonForms.ReadPicture(MessageEncoding.JsonOf(json));

    /// <summary>The protobuf form.</summary>
    public byte[] Write() => new Wire.CapturedImage
    {
        ImageId = Id,
        ProducerId = ProducerId,
        GroundTruth = GroundTruth ?? "",
        CapturedAtUnixNs = UnixNanoseconds.From(CapturedAt),
        Width = (uint)Picture.Width,
        Height = (uint)Picture.Height,
        PixelFormat = Picture.Format switch
        {
            PictureFormat.Rgb24 => Wire.PixelFormat.Rgb24,
            PictureFormat.Png => Wire.PixelFormat.Png,
            _ => Wire.PixelFormat.Encoded,
        },
        Pixels = UnsafeByteOperations.UnsafeWrap(Picture.Data),      // not kept: written out below
    }.ToByteArray();

    /// <summary>The JSON form that the older systems speak; the picture's file in base64, no capture time. Raw pixels have no place in it.</summary>
    public byte[] WriteJson() => JsonForms.Write(this);

    internal static Parsed<ImageMessage> Read(Wire.CapturedImage wire, DateTimeOffset capturedAt)
    {
        if (wire.PixelFormat is not (Wire.PixelFormat.Rgb24 or Wire.PixelFormat.Png or Wire.PixelFormat.Encoded))
        {
            return new Problem(
                ProblemKind.UnknownPixelFormat, $"pixel_format must be 1 (RGB24), 2 (PNG) or 3 (ENCODED), and is {(int)wire.PixelFormat}");
        }

        var picture = wire.PixelFormat == Wire.PixelFormat.Rgb24
            ? Rgb24.Read(wire.Width, wire.Height, wire.Pixels.Memory)
            : Picture.Read(wire.Pixels.Memory);
        return Check(wire.ImageId, wire.ProducerId, wire.GroundTruth, capturedAt, picture);
    }

    /// <summary>What both encodings have in common.</summary>
    internal static Parsed<ImageMessage> Check(string id, string producerId, string? groundTruth, DateTimeOffset capturedAt, Parsed<Picture> read)
    {
        if (Ids.Check("image id", id) is { } badId)
        {
            return badId;
        }

        if (Ids.CheckProducer(ref producerId) is { } badProducer)
        {
            return badProducer;
        }

        if (OptionalTruth.Read(groundTruth, out var label) is { } badTruth)
        {
            return badTruth;
        }

        return read.IsRead(out var picture, out var problem) ? Of(id, producerId, label, capturedAt, picture) : problem;
    }
}
