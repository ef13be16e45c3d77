using System.Globalization;

namespace MongoDB.Bson;

/// <summary>The server's own clock: seconds since 1970 and an increment within the second.</summary>
public class BsonTimestamp : BsonValue, IComparable<BsonTimestamp>, IEquatable<BsonTimestamp>
{
    public BsonTimestamp(int timestamp, int increment) => Value = ((long)timestamp << 32) | (uint)increment;

    public BsonTimestamp(long value) => Value = value;

    public override BsonType BsonType => BsonType.Timestamp;

    /// <summary>Both halves: seconds above, increment below.</summary>
    public long Value { get; }

    /// <summary>Seconds since 1970.</summary>
    public int Timestamp => (int)(Value >> 32);

    public int Increment => (int)Value;

    public int CompareTo(BsonTimestamp? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonTimestamp? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator ==(BsonTimestamp? lhs, BsonTimestamp? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonTimestamp? lhs, BsonTimestamp? rhs) => !(lhs == rhs);
}
