using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Why one write of a bulk was refused.</summary>
public class BulkWriteError : WriteError
{
    internal BulkWriteError(int index, int code, string message, BsonDocument details) : base(code, message, details) => Index = index;

    /// <summary>The position of the write in what the caller passed.</summary>
    public int Index { get; }
}
