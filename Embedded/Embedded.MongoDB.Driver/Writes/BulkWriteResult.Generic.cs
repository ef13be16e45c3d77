namespace MongoDB.Driver;

/// <summary>What a bulk did, and which writes were sent.</summary>
public abstract class BulkWriteResult<TDocument> : BulkWriteResult
{
    private BulkWriteResult(int requestCount, IReadOnlyList<WriteModel<TDocument>> processedRequests) : base(requestCount) =>
        ProcessedRequests = processedRequests;

    public IReadOnlyList<WriteModel<TDocument>> ProcessedRequests { get; }

    /// <summary>The server said what it did.</summary>
    public class Acknowledged : BulkWriteResult<TDocument>
    {
        public Acknowledged(
            int requestCount, long matchedCount, long deletedCount, long insertedCount, long? modifiedCount,
            IEnumerable<WriteModel<TDocument>> processedRequests, IEnumerable<BulkWriteUpsert> upserts)
            : base(requestCount, [.. processedRequests])
        {
            (MatchedCount, DeletedCount, InsertedCount) = (matchedCount, deletedCount, insertedCount);
            (ModifiedCount, IsModifiedCountAvailable) = (modifiedCount ?? 0, modifiedCount is not null);
            Upserts = [.. upserts];
        }

        public override long DeletedCount { get; }

        public override long InsertedCount { get; }

        public override bool IsAcknowledged => true;

        public override bool IsModifiedCountAvailable { get; }

        public override long MatchedCount { get; }

        public override long ModifiedCount { get; }

        public override IReadOnlyList<BulkWriteUpsert> Upserts { get; }
    }

    /// <summary>Nobody asked the server (<see cref="WriteConcern.Unacknowledged"/>).</summary>
    public class Unacknowledged : BulkWriteResult<TDocument>
    {
        public Unacknowledged(int requestCount, IEnumerable<WriteModel<TDocument>> processedRequests) : base(requestCount, [.. processedRequests]) { }

        public override long DeletedCount => throw Unknown(nameof(DeletedCount));

        public override long InsertedCount => throw Unknown(nameof(InsertedCount));

        public override bool IsAcknowledged => false;

        public override bool IsModifiedCountAvailable => throw Unknown(nameof(IsModifiedCountAvailable));

        public override long MatchedCount => throw Unknown(nameof(MatchedCount));

        public override long ModifiedCount => throw Unknown(nameof(ModifiedCount));

        public override IReadOnlyList<BulkWriteUpsert> Upserts => throw Unknown(nameof(Upserts));

        private static NotSupportedException Unknown(string member) => new($"{member} is not known of unacknowledged writes.");
    }
}
