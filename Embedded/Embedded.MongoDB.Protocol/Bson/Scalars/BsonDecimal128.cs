namespace MongoDB.Bson;

/// <summary>A decimal number of 34 digits.</summary>
public class BsonDecimal128 : BsonValue, IComparable<BsonDecimal128>, IEquatable<BsonDecimal128>
{
    public BsonDecimal128(Decimal128 value) => Value = value;

    public override BsonType BsonType => BsonType.Decimal128;

    public Decimal128 Value { get; }

    public int CompareTo(BsonDecimal128? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonDecimal128? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    public override bool ToBoolean() => !Decimal128.IsNaN(Value) && Value != Decimal128.Zero;

    public override double ToDouble() => (double)Value;

    public override int ToInt32() => (int)Value;

    public override long ToInt64() => (long)Value;

    public override decimal ToDecimal() => (decimal)Value;

    public override Decimal128 ToDecimal128() => Value;

    public override string ToString() => Value.ToString();

    public static implicit operator BsonDecimal128(Decimal128 value) => new(value);

    public static bool operator ==(BsonDecimal128? lhs, BsonDecimal128? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonDecimal128? lhs, BsonDecimal128? rhs) => !(lhs == rhs);
}
