using MongoDB.Bson.Serialization.Attributes;

namespace Pipeline.Contracts.Stored;

/// <summary>The prediction of a shadow model, beside that of the live one in a <see cref="StoredImage"/>, with fields of the same names.</summary>
[BsonIgnoreExtraElements]
public sealed class StoredShadow
{
    /// <inheritdoc cref="StoredImage.InferredValue" />
    [BsonSerializer(typeof(LenientText))]
    public string? InferredValue { get; set; }

    /// <inheritdoc cref="StoredImage.Confidence" />
    [BsonSerializer(typeof(LenientNumber))]
    public double? Confidence { get; set; }

    /// <inheritdoc cref="StoredImage.Probabilities" />
    [BsonSerializer(typeof(LenientNumbers))]
    public double[]? Probabilities { get; set; }

    /// <inheritdoc cref="StoredImage.Labels" />
    [BsonSerializer(typeof(LenientTexts))]
    public string[]? Labels { get; set; }

    /// <inheritdoc cref="StoredImage.Model" />
    [BsonSerializer(typeof(LenientText))]
    public string? Model { get; set; }

    /// <summary>When the shadow had classified it: with <see cref="StoredImage.CapturedAt"/>, how long that took.</summary>
    [BsonSerializer(typeof(LenientTime))]
    public DateTime? InferredAt { get; set; }
}
