using System.Globalization;

namespace MongoDB.Bson;

/// <summary>A date: milliseconds since 1970, UTC. Reads back as UTC; local and unspecified times are taken as local.</summary>
public class BsonDateTime : BsonValue, IComparable<BsonDateTime>, IEquatable<BsonDateTime>
{
    private static readonly long MinMs = (DateTime.MinValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
    private static readonly long MaxMs = (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;

    public BsonDateTime(DateTime value)
    {
        // The two ends have no time zone: converting them would overflow, and they stand for "none" in many programs.
        var utc = value == DateTime.MinValue || value == DateTime.MaxValue ? value : value.ToUniversalTime();
        MillisecondsSinceEpoch = (long)Math.Floor((decimal)(utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond);
    }

    public BsonDateTime(long millisecondsSinceEpoch) => MillisecondsSinceEpoch = millisecondsSinceEpoch;

    public override BsonType BsonType => BsonType.DateTime;

    public long MillisecondsSinceEpoch { get; }

    internal bool IsValid => MillisecondsSinceEpoch >= MinMs && MillisecondsSinceEpoch <= MaxMs;

    public int CompareTo(BsonDateTime? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonDateTime? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    /// <exception cref="ArgumentOutOfRangeException">Before the year 1 or after 9999.</exception>
    public override DateTime ToUniversalTime()
    {
        if (MillisecondsSinceEpoch == MinMs)
            return DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);
        if (MillisecondsSinceEpoch == MaxMs)
            return DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);
        return IsValid
            ? DateTime.UnixEpoch.AddTicks(MillisecondsSinceEpoch * TimeSpan.TicksPerMillisecond)
            : throw new ArgumentOutOfRangeException(nameof(MillisecondsSinceEpoch), MillisecondsSinceEpoch, "A DateTime holds the years 1 to 9999.");
    }

    public override DateTime ToLocalTime() => ToUniversalTime().ToLocalTime();

    public override string ToString() => IsValid
        ? ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.FFFZ", CultureInfo.InvariantCulture)
        : MillisecondsSinceEpoch.ToString(CultureInfo.InvariantCulture);

    public static implicit operator BsonDateTime(DateTime value) => new(value);

    public static bool operator ==(BsonDateTime? lhs, BsonDateTime? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonDateTime? lhs, BsonDateTime? rhs) => !(lhs == rhs);
}
