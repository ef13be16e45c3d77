using System.Globalization;

namespace MongoDB.Bson;

/// <summary>A floating-point number of 64 bits.</summary>
public class BsonDouble : BsonValue, IComparable<BsonDouble>, IEquatable<BsonDouble>
{
    public BsonDouble(double value) => Value = value;

    public override BsonType BsonType => BsonType.Double;

    public double Value { get; }

    public int CompareTo(BsonDouble? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonDouble? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    public override bool ToBoolean() => Value != 0 && !double.IsNaN(Value);

    public override double ToDouble() => Value;

    public override int ToInt32() => Convert.ToInt32(Value);

    public override long ToInt64() => Convert.ToInt64(Value);

    public override decimal ToDecimal() => (decimal)Value;

    public override Decimal128 ToDecimal128() => Decimal128Math.FromDouble(Value);

    public override string ToString() => Value.ToString("R", CultureInfo.InvariantCulture);

    public static implicit operator BsonDouble(double value) => new(value);

    public static bool operator ==(BsonDouble? lhs, BsonDouble? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonDouble? lhs, BsonDouble? rhs) => !(lhs == rhs);
}
