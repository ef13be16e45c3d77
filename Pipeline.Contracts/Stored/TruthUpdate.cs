using MongoDB.Bson;

namespace Pipeline.Contracts.Stored;

/// <summary>
/// The write that puts a given truth into its image's document: of several the one that was said last stays, in whatever order they are written.
/// </summary>
public static class TruthUpdate
{
    /// <summary>Matches a field that holds no time, by the rule of <see cref="LenientTime"/>.</summary>
    public static BsonDocument NoTime =>
        new("$not", new BsonDocument { { "$gte", new BsonDateTime(DateTime.MinValue) }, { "$lte", new BsonDateTime(DateTime.MaxValue) } });

    /// <summary>The image's document, unless it has a truth that was said later.</summary>
    public static BsonDocument FilterOf(GivenTruth truth) => new()
    {
        { StoredImage.IdField, truth.Id },
        { nameof(StoredImage.TruthAt), new BsonDocument("$not", new BsonDocument("$gt", truth.At.UtcDateTime)) },
    };

    public static BsonDocument Of(GivenTruth truth) => new("$set", new BsonDocument
    {
        { nameof(StoredImage.GroundTruth), truth.Label },
        { nameof(StoredImage.TruthBy), truth.By },
        { nameof(StoredImage.TruthAt), truth.At.UtcDateTime },
    });
}
