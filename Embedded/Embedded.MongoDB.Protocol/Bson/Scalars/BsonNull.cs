namespace MongoDB.Bson;

/// <summary>Null, which is a value: a field that holds it is there.</summary>
public class BsonNull : BsonValue, IComparable<BsonNull>, IEquatable<BsonNull>
{
    private BsonNull() { }

    /// <summary>The only one.</summary>
    public static BsonNull Value { get; } = new();

    public override BsonType BsonType => BsonType.Null;

    public int CompareTo(BsonNull? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonNull? obj) => obj is not null;

    public override bool Equals(object? obj) => obj is BsonNull;

    public override int GetHashCode() => base.GetHashCode();

    public override bool ToBoolean() => false;

    public override string ToString() => "BsonNull";

    public static bool operator ==(BsonNull? lhs, BsonNull? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonNull? lhs, BsonNull? rhs) => !(lhs == rhs);
}
