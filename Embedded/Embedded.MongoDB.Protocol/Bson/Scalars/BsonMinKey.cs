namespace MongoDB.Bson;

/// <summary>Sorts below everything.</summary>
public class BsonMinKey : BsonValue, IComparable<BsonMinKey>, IEquatable<BsonMinKey>
{
    private BsonMinKey() { }

    /// <summary>The only one.</summary>
    public static BsonMinKey Value { get; } = new();

    public override BsonType BsonType => BsonType.MinKey;

    public int CompareTo(BsonMinKey? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonMinKey? obj) => obj is not null;

    public override bool Equals(object? obj) => obj is BsonMinKey;

    public override int GetHashCode() => base.GetHashCode();

    public override string ToString() => "BsonMinKey";

    public static bool operator ==(BsonMinKey? lhs, BsonMinKey? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonMinKey? lhs, BsonMinKey? rhs) => !(lhs == rhs);
}
