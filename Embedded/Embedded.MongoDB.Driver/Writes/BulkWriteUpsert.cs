using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>A document that a write inserted because nothing matched.</summary>
public class BulkWriteUpsert
{
    internal BulkWriteUpsert(int index, BsonValue id) => (Index, Id) = (index, id);

    public BsonValue Id { get; }

    /// <summary>The position of the write in what the caller passed.</summary>
    public int Index { get; }
}
