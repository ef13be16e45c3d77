namespace MongoDB.Bson;

/// <summary>Deprecated; kept as it came.</summary>
public class BsonUndefined : BsonValue, IComparable<BsonUndefined>, IEquatable<BsonUndefined>
{
    private BsonUndefined() { }

    /// <summary>The only one.</summary>
    public static BsonUndefined Value { get; } = new();

    public override BsonType BsonType => BsonType.Undefined;

    public int CompareTo(BsonUndefined? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonUndefined? obj) => obj is not null;

    public override bool Equals(object? obj) => obj is BsonUndefined;

    public override int GetHashCode() => base.GetHashCode();

    public override bool ToBoolean() => false;

    public override string ToString() => "BsonUndefined";

    public static bool operator ==(BsonUndefined? lhs, BsonUndefined? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonUndefined? lhs, BsonUndefined? rhs) => !(lhs == rhs);
}
