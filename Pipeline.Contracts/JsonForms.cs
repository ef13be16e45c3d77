using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Contracts;

/// <summary>
/// The JSON forms that the systems before this one speak. Reading is liberal, because those programs differ
/// among themselves; writing is exact.
/// </summary>
internal static class JsonForms
{
    /// <summary>Fields that nobody reads may be deep; the reader keeps one bit a level.</summary>
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 1_000 };

    /// <summary>The fields of either message, under any of the names they go by.</summary>
    private struct Fields
    {
        public string? Id;
        public bool IdIsNumber;
        public string? ProducerId;
        public string? GroundTruth;
        public string? TruthBy;
        public string? InferredValue;
        public byte[]? Data;
        public DateTimeOffset? CapturedAt;

        /// <summary>A number counts per producer, so it is unique only together with the producer's id.</summary>
        public readonly string UniqueId => IdIsNumber ? $"{Producer}-{Id}" : Id ?? "";

        public readonly string Producer => string.IsNullOrEmpty(ProducerId) ? CapturedImage.UnknownProducer : ProducerId;
    }

    public static Parsed<ImageMessage> ReadImage(ReadOnlySpan<byte> json, DateTimeOffset recordTime)
    {
        if (Read(json, out var fields) is { } problem)
        {
            return problem;
        }

        var at = fields.CapturedAt ?? recordTime;
        if (fields.Data is not null)
        {
            return CapturedImage.Check(fields.UniqueId, fields.Producer, fields.GroundTruth, at, Picture.Read(fields.Data));
        }

        return string.IsNullOrWhiteSpace(fields.GroundTruth)
            ? new Problem(ProblemKind.MissingField, $"Data is missing: base64 of {Picture.Readable}")
            : GivenTruth.Check(fields.UniqueId, fields.Producer, fields.GroundTruth, fields.TruthBy, at);
    }

    public static Parsed<InferenceResult> ReadResult(ReadOnlySpan<byte> json, DateTimeOffset recordTime)
    {
        if (Read(json, out var fields) is { } problem)
        {
            return problem;
        }

        return fields.InferredValue is null
            ? new Problem(ProblemKind.MissingField, "InferredValue is missing")
            : InferenceResult.Check(fields.UniqueId, fields.Producer, fields.GroundTruth, fields.InferredValue, recordTime);
    }

    /// <summary>The picture alone, for who asks what it shows.</summary>
    public static Parsed<Picture> ReadPicture(ReadOnlySpan<byte> json)
    {
        if (Read(json, out var fields) is { } problem)
        {
            return problem;
        }

        return fields.Data is null
            ? new Problem(ProblemKind.MissingField, $"the field image is missing: base64 of {Picture.Readable}")
            : Picture.Read(fields.Data);
    }

    /// <summary>Whatever could be read before the first thing that is wrong.</summary>
    public static MessageGlimpse Glimpse(ReadOnlySpan<byte> json)
    {
        Read(json, out var fields);
        var picture = fields.Data is { } data && Picture.Read(data).IsRead(out var read, out _) ? read : null;
        return new(string.IsNullOrEmpty(fields.Id) ? null : fields.UniqueId, picture);
    }

    /// <exception cref="ArgumentException">The picture is no file.</exception>
    public static byte[] Write(CapturedImage image) => image.Picture is Rgb24
        ? throw new ArgumentException("JSON holds a picture's file", nameof(image))
        : Write(writer =>
    {
        writer.WriteString("ID", image.Id);
        writer.WriteString("producer_id", image.ProducerId);
        WriteTruth(writer, image.GroundTruth);
        writer.WriteBase64String("Data", image.Picture.Data.Span);
    });

    public static byte[] Write(InferenceResult result) => Write(writer =>
    {
        writer.WriteString("ID", result.ImageId);
        writer.WriteString("producer_id", result.ProducerId);
        WriteTruth(writer, result.GroundTruth);
        writer.WriteString("InferredValue", result.InferredValue);
    });

    private static void WriteTruth(Utf8JsonWriter writer, string? truth)
    {
        if (truth is not null)
        {
            writer.WriteString("GroundTruth", truth);
        }
    }

    private static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        fields(writer);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static Problem? Read(ReadOnlySpan<byte> json, out Fields fields)
    {
        fields = default;
        try
        {
            return ReadFields(new Utf8JsonReader(json, ReaderOptions), ref fields);
        }
        catch (JsonException) when (JsonNumbers.WithoutNaN(json) is { } repaired)
        {
            return Read(repaired, out fields);
        }
        // the latter: text that is not UTF-8 or half a surrogate pair
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return new Problem(ProblemKind.BrokenJson, $"a JSON object was expected: {broken.Message}");
        }
    }

    private static Problem? ReadFields(Utf8JsonReader reader, ref Fields fields)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return new Problem(ProblemKind.BrokenJson, "a JSON object was expected");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            switch (name.ToLowerInvariant())
            {
                case "id" or "image_id":
                    fields.IdIsNumber = reader.TokenType == JsonTokenType.Number;
                    if (Text(ref reader, name, out fields.Id) is { } badId)
                    {
                        return badId;
                    }

                    break;
                case "producer_id" or "producerid" or "device_id":
                    if (Text(ref reader, name, out fields.ProducerId) is { } badProducer)
                    {
                        return badProducer;
                    }

                    break;
                case "groundtruth":
                    if (Text(ref reader, name, out fields.GroundTruth) is { } badTruth)
                    {
                        return badTruth;
                    }

                    break;
                case "truthby" or "truth_by":
                    if (Text(ref reader, name, out fields.TruthBy) is { } badName)
                    {
                        return badName;
                    }

                    break;
                case "inferredvalue" or "inferred":
                    if (Text(ref reader, name, out fields.InferredValue) is { } badValue)
                    {
                        return badValue;
                    }

                    break;
                case "data" or "image" or "image_data":
                    if (reader.TokenType == JsonTokenType.Null)
                    {
                        break;
                    }

                    if (reader.TokenType != JsonTokenType.String
                        || (!reader.TryGetBytesFromBase64(out fields.Data) && !LenientBase64.TryRead(reader.GetString()!, out fields.Data)))
                    {
                        return new Problem(ProblemKind.BadBase64, $"{name} must be {Picture.Readable} in base64");
                    }

                    break;
                case "timestamp":
                    fields.CapturedAt = reader.TokenType switch
                    {
                        JsonTokenType.String when UnixTime.TryRead(reader.GetString()!, out var written) => written,
                        JsonTokenType.Number when UnixTime.TryRead(Encoding.ASCII.GetString(reader.ValueSpan), out var counted) => counted,
                        _ => null,
                    };
                    reader.Skip();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        while (reader.Read()) { }                                          // anything after the object is an error, which this finds
        return null;
    }

    /// <summary>A string, or a number as it is written; null counts as missing.</summary>
    private static Problem? Text(ref Utf8JsonReader reader, string name, out string? text)
    {
        text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Number(reader.ValueSpan),
            _ => null,
        };
        return text is null && reader.TokenType != JsonTokenType.Null
            ? new Problem(ProblemKind.BadValue, $"{name} must be a string or a number")
            : null;
    }

    // 7, 7.0 and 7e0 are one number to the programs that write them.
    private static string Number(ReadOnlySpan<byte> digits) =>
        decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value == decimal.Truncate(value)
            ? decimal.Truncate(value).ToString("0", CultureInfo.InvariantCulture)
            : Encoding.ASCII.GetString(digits);
}
