using System.Globalization;

namespace MongoDB.Bson;

/// <summary>Text.</summary>
public class BsonString : BsonValue, IComparable<BsonString>, IEquatable<BsonString>
{
    public BsonString(string value) => Value = value ?? throw new ArgumentNullException(nameof(value));

    public override BsonType BsonType => BsonType.String;

    public static BsonString Empty { get; } = new("");

    public string Value { get; }

    public int CompareTo(BsonString? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonString? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    public override bool ToBoolean() => Value.Length > 0;

    public override double ToDouble() => double.Parse(Value, CultureInfo.InvariantCulture);

    public override int ToInt32() => int.Parse(Value, CultureInfo.InvariantCulture);

    public override long ToInt64() => long.Parse(Value, CultureInfo.InvariantCulture);

    public override decimal ToDecimal() => decimal.Parse(Value, CultureInfo.InvariantCulture);

    public override Decimal128 ToDecimal128() => Decimal128.Parse(Value);

    public override string ToString() => Value;

    public static implicit operator BsonString(string value) => new(value);

    public static bool operator ==(BsonString? lhs, BsonString? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonString? lhs, BsonString? rhs) => !(lhs == rhs);
}
