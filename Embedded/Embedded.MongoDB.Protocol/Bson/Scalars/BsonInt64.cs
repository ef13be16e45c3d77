using System.Globalization;

namespace MongoDB.Bson;

/// <summary>A signed integer of 64 bits.</summary>
public class BsonInt64 : BsonValue, IComparable<BsonInt64>, IEquatable<BsonInt64>
{
    public BsonInt64(long value) => Value = value;

    public override BsonType BsonType => BsonType.Int64;

    public long Value { get; }

    public int CompareTo(BsonInt64? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonInt64? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    public override bool ToBoolean() => Value != 0;

    public override double ToDouble() => Value;

    public override int ToInt32() => checked((int)Value);

    public override long ToInt64() => Value;

    public override decimal ToDecimal() => Value;

    public override Decimal128 ToDecimal128() => Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static implicit operator BsonInt64(long value) => new(value);

    public static bool operator ==(BsonInt64? lhs, BsonInt64? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonInt64? lhs, BsonInt64? rhs) => !(lhs == rhs);
}
