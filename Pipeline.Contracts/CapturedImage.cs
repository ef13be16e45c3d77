using Google.Protobuf;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Contracts;

/// <summary>One picture a camera took, as it travels on <see cref="Topics.ImageData"/>.</summary>
/// <remarks>An instance is whole and checked: <see cref="Parse"/> refuses whatever inference or the store could not use.</remarks>
public sealed record CapturedImage
{
    /// <summary>Who a picture is from when its message does not say.</summary>
    public const string UnknownProducer = "unknown";

    /// <summary>Unique; our producers make UUIDv7 text.</summary>
    public required string Id { get; init; }

    public required string ProducerId { get; init; }

    /// <summary>What the picture shows, one of <see cref="Labels.All"/>.</summary>
    public required string GroundTruth { get; init; }

    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>The pixels, whatever form they came in.</summary>
    public required Rgb24 Pixels { get; init; }

    /// <summary>The form they came in: <see cref="Data"/> is RGB24 rows or a PNG file.</summary>
    public PixelFormat Format { get; init; } = PixelFormat.Rgb24;

    /// <summary>The bytes as they came; for RGB24 the same memory as <see cref="Pixels"/>.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>A new picture from raw pixels.</summary>
    public static CapturedImage Of(string id, string producerId, string groundTruth, DateTimeOffset capturedAt, Rgb24 pixels) => new()
    {
        Id = id,
        ProducerId = producerId,
        GroundTruth = groundTruth,
        CapturedAt = capturedAt,
        Pixels = pixels,
        Data = pixels.Data,
    };

    /// <summary>Reads a record's value in either encoding and checks all of it, the pixels too.</summary>
    /// <param name="value">The record's value; null is a tombstone and refused.</param>
    /// <param name="contentType">The record's <c>content-type</c> header, null when it has none.</param>
    /// <param name="recordTime">The record's timestamp: the capture time where the message carries none.</param>
    public static Parsed<CapturedImage> Parse(byte[]? value, string? contentType, DateTimeOffset recordTime)
    {
        if (value is null)
        {
            return new Problem(ProblemKind.MissingField, "the record has no value");
        }

        if (!MessageEncoding.TryTell(value, contentType, out var isJson, out var problem))
        {
            return problem;
        }

        try
        {
            return isJson ? JsonForms.ReadImage(MessageEncoding.JsonOf(value), recordTime) : ReadProtobuf(value, recordTime);
        }
        catch (Exception unforeseen) when (unforeseen is not OutOfMemoryException)
        {
            return Problem.Of(unforeseen);
        }
    }

    /// <summary>Reads the picture of a JSON text that need hold nothing else: base64 of a PNG under any of the names of <c>Data</c>.</summary>
    public static Parsed<Rgb24> ParsePicture(ReadOnlySpan<byte> json) => JsonForms.ReadPicture(MessageEncoding.JsonOf(json));

    /// <summary>Reads a picture file alone.</summary>
    public static Parsed<Rgb24> ReadPicture(ReadOnlyMemory<byte> picture) =>
        PictureFormats.OtherThanPng(picture.Span) is { } other ? other : PngReader.ReadImage(picture);

    /// <summary>The protobuf form.</summary>
    public byte[] Write() => new Wire.CapturedImage
    {
        ImageId = Id,
        ProducerId = ProducerId,
        GroundTruth = GroundTruth,
        CapturedAtUnixNs = UnixNanoseconds.From(CapturedAt),
        Width = (uint)Pixels.Width,
        Height = (uint)Pixels.Height,
        PixelFormat = Format == PixelFormat.Png ? Wire.PixelFormat.Png : Wire.PixelFormat.Rgb24,
        Pixels = UnsafeByteOperations.UnsafeWrap(Data),      // not kept: written out on this line
    }.ToByteArray();

    /// <summary>The JSON form that the older systems speak; pixels as base64 of a PNG, no capture time.</summary>
    public byte[] WriteJson() => JsonForms.Write(this);

    private static Parsed<CapturedImage> ReadProtobuf(byte[] value, DateTimeOffset recordTime)
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
        var format = wire.PixelFormat switch
        {
            Wire.PixelFormat.Rgb24 => PixelFormat.Rgb24,
            Wire.PixelFormat.Png => PixelFormat.Png,
            _ => (PixelFormat?)null,
        };
        if (format is null)
        {
            return new Problem(ProblemKind.UnknownPixelFormat, $"pixel_format must be 1 (RGB24) or 2 (PNG), and is {(int)wire.PixelFormat}");
        }

        var capturedAt = UnixTime.TryRead(wire.CapturedAtUnixNs, out var instant) ? instant : recordTime;
        return Check(wire.ImageId, wire.ProducerId, wire.GroundTruth, capturedAt, format.Value, wire.Pixels.Memory, (wire.Width, wire.Height));
    }

    /// <summary>What both encodings have in common. The size is null where the form has no field for it.</summary>
    internal static Parsed<CapturedImage> Check(
        string id, string producerId, string groundTruth, DateTimeOffset capturedAt, PixelFormat format, ReadOnlyMemory<byte> data, (uint Width, uint Height)? size)
    {
        if (Ids.Check("image id", id) is { } badId)
        {
            return badId;
        }

        if (Ids.CheckProducer(ref producerId) is { } badProducer)
        {
            return badProducer;
        }

        if (!Labels.TryRead(groundTruth, out var label))
        {
            return Labels.Unknown("GroundTruth", groundTruth);
        }

        if (size is { } given && given != ((uint)Rgb24.ImageWidth, (uint)Rgb24.ImageHeight))
        {
            return Rgb24.WrongSize(given.Width, given.Height);
        }

        Rgb24? pixels;
        if (format == PixelFormat.Rgb24)
        {
            if (data.Length != Rgb24.ImageBytes)
            {
                return new Problem(ProblemKind.WrongPixelCount, $"{Rgb24.ImageWidth}x{Rgb24.ImageHeight} RGB24 pixels are {Rgb24.ImageBytes} bytes, and {data.Length} came");
            }

            pixels = new Rgb24(Rgb24.ImageWidth, Rgb24.ImageHeight, data);
        }
        else if (PictureFormats.OtherThanPng(data.Span) is { } other)
        {
            return other;
        }
        else if (!PngReader.ReadImage(data).IsRead(out pixels, out var problem))
        {
            return problem;
        }
        return new CapturedImage
        {
            Id = id,
            ProducerId = producerId,
            GroundTruth = label,
            CapturedAt = capturedAt,
            Pixels = pixels,
            Format = format,
            Data = data,
        };
    }
}
