namespace MongoDB.Driver;

/// <summary>What a deletion did.</summary>
public abstract class DeleteResult
{
    private DeleteResult() { }

    public abstract long DeletedCount { get; }

    public abstract bool IsAcknowledged { get; }

    /// <summary>The server said what it did.</summary>
    public class Acknowledged(long deletedCount) : DeleteResult
    {
        public override long DeletedCount => deletedCount;

        public override bool IsAcknowledged => true;
    }

    /// <summary>Nobody asked the server.</summary>
    public class Unacknowledged : DeleteResult
    {
        private Unacknowledged() { }

        public static Unacknowledged Instance { get; } = new();

        public override long DeletedCount => throw new NotSupportedException("Only acknowledged writes support the DeletedCount property.");

        public override bool IsAcknowledged => false;
    }
}
