namespace MongoDB.Bson;

/// <summary>True or false.</summary>
public class BsonBoolean : BsonValue, IComparable<BsonBoolean>, IEquatable<BsonBoolean>
{
    public BsonBoolean(bool value) => Value = value;

    public static BsonBoolean True { get; } = new(true);

    public static BsonBoolean False { get; } = new(false);

    public override BsonType BsonType => BsonType.Boolean;

    public bool Value { get; }

    public int CompareTo(BsonBoolean? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonBoolean? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    public override bool ToBoolean() => Value;

    public override double ToDouble() => Value ? 1 : 0;

    public override int ToInt32() => Value ? 1 : 0;

    public override long ToInt64() => Value ? 1 : 0;

    public override decimal ToDecimal() => Value ? 1 : 0;

    public override string ToString() => Value ? "true" : "false";

    public static implicit operator BsonBoolean(bool value) => new(value);

    public static bool operator ==(BsonBoolean? lhs, BsonBoolean? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonBoolean? lhs, BsonBoolean? rhs) => !(lhs == rhs);
}
