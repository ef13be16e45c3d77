using MongoDB.Bson.Serialization.Attributes;

namespace Pipeline.Contracts.Stored;

/// <summary>
/// One document of <c>image_database.image_data</c>, the one place where its fields are named: a property is called as its field. The names are
/// older than this program; the queries of its users depend on them.
/// </summary>
/// <remarks>
/// Written in two halves that may come in either order and any number of times. Others may write here too, so reading is lenient: a field
/// of another type than ours is as if it were absent, and fields that we do not know are passed over.
/// </remarks>
[BsonIgnoreExtraElements]
public sealed class StoredImage
{
    /// <summary>The connection string that leads to the database.</summary>
    public const string ConnectionName = "image-database";

    /// <summary>The database where the connection string names none.</summary>
    public const string Database = "image_database";

    public const string Collection = "image_data";

    public const string IdField = "_id";

    public const string ProducerIdField = "producer_id";

    /// <summary>What a count calls a producer or a class that a document does not name.</summary>
    public const string Unknown = "unknown";

    [BsonElement(IdField), BsonSerializer(typeof(LenientId))]
    public string? Id { get; set; }

    /// <summary>Image half; the inference half only where it inserts the document.</summary>
    [BsonElement(ProducerIdField), BsonSerializer(typeof(LenientText))]
    public string? ProducerId { get; set; }

    /// <summary>Likewise, or given later; null while nobody has said.</summary>
    [BsonSerializer(typeof(LenientText))]
    public string? GroundTruth { get; set; }

    /// <summary>Who gave the truth, only where that was not the image's sender.</summary>
    [BsonSerializer(typeof(LenientText))]
    public string? TruthBy { get; set; }

    /// <summary>When it was given, likewise.</summary>
    [BsonSerializer(typeof(LenientTime))]
    public DateTime? TruthAt { get; set; }

    /// <summary>Image half, by the camera's clock; when it came, where that clock cannot be believed.</summary>
    [BsonSerializer(typeof(LenientTime))]
    public DateTime? CapturedAt { get; set; }

    /// <summary>Image half, only where the camera's clock cannot be believed: what it said.</summary>
    [BsonSerializer(typeof(LenientTime))]
    public DateTime? ClaimedCapturedAt { get; set; }

    /// <summary>Image half. Null where there is none; without any field where it is something that we do not know.</summary>
    [BsonSerializer(typeof(LenientPicture))]
    public StoredPicture? Image { get; set; }

    /// <summary>Inference half; null until inferred.</summary>
    [BsonSerializer(typeof(LenientText))]
    public string? InferredValue { get; set; }

    /// <summary>Inference half, 0..1; null where the message does not say.</summary>
    [BsonSerializer(typeof(LenientNumber))]
    public double? Confidence { get; set; }

    /// <summary>Inference half, one for each of <see cref="Labels"/>; null where the message does not say.</summary>
    [BsonSerializer(typeof(LenientNumbers))]
    public double[]? Probabilities { get; set; }

    /// <summary>Inference half, only where they are not the ten of CIFAR-10 in their order: what <see cref="Probabilities"/> are of.</summary>
    [BsonSerializer(typeof(LenientTexts))]
    public string[]? Labels { get; set; }

    /// <summary>Inference half, <c>name:version</c>; null where the message does not say.</summary>
    [BsonSerializer(typeof(LenientText))]
    public string? Model { get; set; }

    /// <summary>Inference half.</summary>
    [BsonSerializer(typeof(LenientTime))]
    public DateTime? InferredAt { get; set; }

    /// <summary>What a second model said in the shadow of the first; null where none did. It is in no figure but those of the shadow.</summary>
    [BsonSerializer(typeof(LenientShadow))]
    public StoredShadow? Shadow { get; set; }

    /// <summary>
    /// Either half: which image the document is of. Null where only a prediction came that does not say; empty where it is none of ours.
    /// </summary>
    [BsonSerializer(typeof(LenientBytes))]
    public byte[]? ImageDigest { get; set; }

    /// <summary>When the last half was written.</summary>
    [BsonSerializer(typeof(LenientTime))]
    public DateTime? StoredAt { get; set; }

    /// <summary>Whether the prediction is right; null while there is none, or nobody has said what is right.</summary>
    [BsonIgnore]
    public bool? IsCorrect => InferredValue is null || GroundTruth is null ? null : InferredValue == GroundTruth;

    /// <summary>Whether there is a truth and nothing else: it waits for its image, and counts as none.</summary>
    [BsonIgnore]
    public bool IsTruthAlone => TruthAt is not null && StoredAt is null && InferredValue is null && Image?.Width is null;
}

/// <summary>The picture of a <see cref="StoredImage"/>.</summary>
[BsonIgnoreExtraElements]
public sealed class StoredPicture
{
    [BsonSerializer(typeof(LenientSize))]
    public int? Width { get; set; }

    [BsonSerializer(typeof(LenientSize))]
    public int? Height { get; set; }

    /// <summary>RGB24, PNG, JPEG, WEBP, GIF or BMP: <see cref="Pixels.PictureFormatNames"/>.</summary>
    [BsonSerializer(typeof(LenientText))]
    public string? Format { get; set; }

    /// <summary>What came: RGB24 rows or a file, as <see cref="Format"/> says.</summary>
    [BsonSerializer(typeof(LenientBytes))]
    public byte[]? Data { get; set; }

    /// <summary>When <see cref="Data"/> had been kept long enough and was taken out; null while it is there.</summary>
    [BsonSerializer(typeof(LenientTime))]
    public DateTime? RemovedAt { get; set; }
}
