using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Pipeline.Contracts;

/// <summary>What the model saw in one picture, as it travels on <see cref="Topics.InferenceResults"/>.</summary>
public sealed record InferenceResult
{
    /// <summary>Id of the image; also the record's key.</summary>
    public required string ImageId { get; init; }

    public required string ProducerId { get; init; }

    /// <summary>What the picture shows, a label; null where its sender did not know.</summary>
    public required string? GroundTruth { get; init; }

    /// <summary>What the model says it shows, a label.</summary>
    public required string InferredValue { get; init; }

    /// <summary>Probability of <see cref="InferredValue"/>, 0..1; null where the message does not say.</summary>
    public float? Confidence { get; init; }

    /// <summary>Of each of <see cref="ClassLabels"/>; empty where the message does not say.</summary>
    public ReadOnlyMemory<float> Probabilities { get; init; }

    /// <summary>
    /// What <see cref="Probabilities"/> are of: up to <see cref="Limits.MaxProbabilities"/> classes, of a model with more those that it holds
    /// likeliest.
    /// </summary>
    public IReadOnlyList<string> ClassLabels { get; init; } = Labels.All;

    public string? ModelName { get; init; }

    public string? ModelVersion { get; init; }

    /// <summary>The model run of the whole batch that the image was in.</summary>
    public TimeSpan? InferenceTime { get; init; }

    /// <summary>Null where the message does not say.</summary>
    public DateTimeOffset? CapturedAt { get; init; }

    public required DateTimeOffset InferredAt { get; init; }

    /// <summary>The image that it was made from; null where the message does not say, then the id alone tells.</summary>
    public ImageDigest? ImageDigest { get; init; }

    /// <summary>Reads a record's value in either encoding and checks all of it.</summary>
    /// <param name="value">The record's value; null is a tombstone and refused.</param>
    /// <param name="contentType">The record's <c>content-type</c> header, null when it has none.</param>
    /// <param name="recordTime">The record's timestamp: when it was inferred, where the message does not say.</param>
    public static Parsed<InferenceResult> Parse(byte[]? value, string? contentType, DateTimeOffset recordTime) =>
        MessageEncoding.Read(value, contentType, recordTime, JsonForms.ReadResult, ReadProtobuf);

    /// <summary>The protobuf form.</summary>
    public byte[] Write()
    {
        var wire = new Wire.InferenceResult
        {
            ImageId = ImageId,
            ProducerId = ProducerId,
            GroundTruth = GroundTruth ?? "",
            InferredValue = InferredValue,
            Confidence = Confidence ?? 0,
            ModelName = ModelName ?? "",
            ModelVersion = ModelVersion ?? "",
            InferenceTimeNs = (ulong)(InferenceTime?.Ticks * TimeSpan.NanosecondsPerTick ?? 0),
            CapturedAtUnixNs = CapturedAt is { } capturedAt ? UnixNanoseconds.From(capturedAt) : 0,
            InferredAtUnixNs = UnixNanoseconds.From(InferredAt),
        };
        if (ImageDigest is { } digest)
        {
            wire.ImageDigest = UnsafeByteOperations.UnsafeWrap(digest.ToBytes());
        }

        foreach (var probability in Probabilities.Span)
        {
            wire.Probabilities.Add(probability);
        }

        if (!ReferenceEquals(ClassLabels, Labels.All))
        {
            wire.Labels.Add(ClassLabels);
        }

        return wire.ToByteArray();
    }

    /// <summary>The JSON form that the older systems speak; it holds the labels and nothing else of the inference.</summary>
    public byte[] WriteJson() => JsonForms.Write(this);

    private static Parsed<InferenceResult> ReadProtobuf(byte[] value, DateTimeOffset recordTime)
    {
        Wire.InferenceResult wire;
        try
        {
            wire = Wire.InferenceResult.Parser.ParseFrom(value);
        }
        catch (InvalidProtocolBufferException broken)
        {
            return new Problem(ProblemKind.BrokenProtobuf, $"an InferenceResult message was expected: {broken.Message}");
        }
        if (ReadLabels(wire.Labels, out var labels) is { } badLabel)
        {
            return badLabel;
        }

        if (wire.Probabilities.Count != 0 && wire.Probabilities.Count != labels.Count)
        {
            return new Problem(ProblemKind.BadValue, $"there are {labels.Count} probabilities or none, and {wire.Probabilities.Count} came");
        }

        if (!IsProbability(wire.Confidence) || !wire.Probabilities.All(IsProbability))
        {
            return new Problem(ProblemKind.BadValue, "confidence and probabilities lie between 0 and 1");
        }

        if (wire.ModelName.Length > Limits.MaxModelNameLength || wire.ModelVersion.Length > Limits.MaxModelNameLength)
        {
            return new Problem(ProblemKind.TooLarge, $"a model's name and version have at most {Limits.MaxModelNameLength} characters");
        }

        if (wire.InferenceTimeNs > long.MaxValue)
        {
            return new Problem(ProblemKind.BadValue, $"an inference does not take {wire.InferenceTimeNs} ns");
        }

        var read = Check(wire.ImageId, wire.ProducerId, wire.GroundTruth, wire.InferredValue,
            UnixTime.TryRead(wire.InferredAtUnixNs, out var inferredAt) ? inferredAt : recordTime);
        if (!read.IsRead(out var result, out var problem))
        {
            return problem;
        }

        return result with
        {
            // proto3 does not write zeros, and no model gives its best label the probability 0.
            Confidence = wire.Confidence == 0 ? null : wire.Confidence,
            Probabilities = wire.Probabilities.Count == 0 ? default : wire.Probabilities.ToArray(),
            ClassLabels = labels,
            ImageDigest = Contracts.ImageDigest.From(wire.ImageDigest.Span),
            ModelName = wire.ModelName.Length == 0 ? null : wire.ModelName,
            ModelVersion = wire.ModelVersion.Length == 0 ? null : wire.ModelVersion,
            InferenceTime = wire.InferenceTimeNs == 0 ? null : TimeSpan.FromTicks((long)wire.InferenceTimeNs / TimeSpan.NanosecondsPerTick),
            CapturedAt = UnixTime.TryRead(wire.CapturedAtUnixNs, out var capturedAt) ? capturedAt : null,
        };
    }

    /// <summary>Those of CIFAR-10 where none are named.</summary>
    private static Problem? ReadLabels(RepeatedField<string> named, out IReadOnlyList<string> labels)
    {
        labels = Labels.All;
        if (named.Count == 0)
        {
            return null;
        }

        if (named.Count > Limits.MaxProbabilities)
        {
            return new Problem(ProblemKind.TooLarge, $"a result names at most {Limits.MaxProbabilities} classes, and this one {named.Count}");
        }

        var read = new string[named.Count];
        for (var i = 0; i < read.Length; i++)
        {
            if (!Labels.TryRead(named[i], out var label))
            {
                return Labels.Unknown("each of labels", named[i]);
            }

            read[i] = label;
        }

        labels = read;
        return null;
    }

    private static bool IsProbability(float value) => value is >= 0 and <= 1.0001f;     // softmax in float32 may exceed 1 by rounding

    /// <summary>What both encodings have in common.</summary>
    internal static Parsed<InferenceResult> Check(
        string imageId, string producerId, string? groundTruth, string inferredValue, DateTimeOffset inferredAt)
    {
        if (Ids.Check("image id", imageId) is { } badId)
        {
            return badId;
        }

        if (Ids.CheckProducer(ref producerId) is { } badProducer)
        {
            return badProducer;
        }

        if (OptionalTruth.Read(groundTruth, out var truth) is { } badTruth)
        {
            return badTruth;
        }

        if (!Labels.TryRead(inferredValue, out var inferred))
        {
            return Labels.Unknown("InferredValue", inferredValue);
        }

        return new InferenceResult
        {
            ImageId = imageId,
            ProducerId = producerId,
            GroundTruth = truth,
            InferredValue = inferred,
            InferredAt = inferredAt,
        };
    }
}
