using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>What an update did.</summary>
public abstract class UpdateResult
{
    private UpdateResult() { }

    public abstract bool IsAcknowledged { get; }

    public abstract bool IsModifiedCountAvailable { get; }

    public abstract long MatchedCount { get; }

    public abstract long ModifiedCount { get; }

    /// <summary>The id of the document that was inserted because nothing matched, or null.</summary>
    public abstract BsonValue? UpsertedId { get; }

    /// <summary>The server said what it did.</summary>
    public class Acknowledged(long matchedCount, long? modifiedCount, BsonValue? upsertedId) : UpdateResult
    {
        public override bool IsAcknowledged => true;

        public override bool IsModifiedCountAvailable => modifiedCount is not null;

        public override long MatchedCount => matchedCount;

        public override long ModifiedCount => modifiedCount ?? throw new NotSupportedException("ModifiedCount is not available.");

        public override BsonValue? UpsertedId => upsertedId;
    }

    /// <summary>Nobody asked the server.</summary>
    public class Unacknowledged : UpdateResult
    {
        private Unacknowledged() { }

        public static Unacknowledged Instance { get; } = new();

        public override bool IsAcknowledged => false;

        public override bool IsModifiedCountAvailable => false;

        public override long MatchedCount => throw new NotSupportedException("Only acknowledged writes support the MatchedCount property.");

        public override long ModifiedCount => throw new NotSupportedException("Only acknowledged writes support the ModifiedCount property.");

        public override BsonValue? UpsertedId => throw new NotSupportedException("Only acknowledged writes support the UpsertedId property.");
    }
}
