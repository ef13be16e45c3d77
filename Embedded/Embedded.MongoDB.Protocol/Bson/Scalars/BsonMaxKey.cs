namespace MongoDB.Bson;

/// <summary>Sorts above everything.</summary>
public class BsonMaxKey : BsonValue, IComparable<BsonMaxKey>, IEquatable<BsonMaxKey>
{
    private BsonMaxKey() { }

    /// <summary>The only one.</summary>
    public static BsonMaxKey Value { get; } = new();

    public override BsonType BsonType => BsonType.MaxKey;

    public int CompareTo(BsonMaxKey? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonMaxKey? obj) => obj is not null;

    public override bool Equals(object? obj) => obj is BsonMaxKey;

    public override int GetHashCode() => base.GetHashCode();

    public override string ToString() => "BsonMaxKey";

    public static bool operator ==(BsonMaxKey? lhs, BsonMaxKey? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonMaxKey? lhs, BsonMaxKey? rhs) => !(lhs == rhs);
}
