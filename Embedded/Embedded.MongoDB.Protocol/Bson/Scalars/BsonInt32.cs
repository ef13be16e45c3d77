using System.Globalization;

namespace MongoDB.Bson;

/// <summary>A signed integer of 32 bits.</summary>
public class BsonInt32 : BsonValue, IComparable<BsonInt32>, IEquatable<BsonInt32>
{
    public BsonInt32(int value) => Value = value;

    public override BsonType BsonType => BsonType.Int32;

    public int Value { get; }

    public int CompareTo(BsonInt32? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonInt32? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    public override bool ToBoolean() => Value != 0;

    public override double ToDouble() => Value;

    public override int ToInt32() => Value;

    public override long ToInt64() => Value;

    public override decimal ToDecimal() => Value;

    public override Decimal128 ToDecimal128() => Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static implicit operator BsonInt32(int value) => new(value);

    public static bool operator ==(BsonInt32? lhs, BsonInt32? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonInt32? lhs, BsonInt32? rhs) => !(lhs == rhs);
}
