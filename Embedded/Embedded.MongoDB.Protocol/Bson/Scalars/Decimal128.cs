using System.Diagnostics.CodeAnalysis;

namespace MongoDB.Bson;

/// <summary>
/// A decimal number of 34 digits (IEEE 754-2008, binary integer decimal): 1.0 and 1.00 are equal in value and keep their zeros.
/// No arithmetic: the server does that.
/// </summary>
public struct Decimal128 : IComparable<Decimal128>, IEquatable<Decimal128>
{
    private readonly ulong _high;
    private readonly ulong _low;

    private Decimal128(ulong high, ulong low) => (_high, _low) = (high, low);

    public Decimal128(decimal value) => this = Decimal128Math.FromDecimal(value);

    public Decimal128(double value) => this = Decimal128Math.FromDouble(value);

    public Decimal128(int value) => this = Decimal128Math.FromInteger(value);

    public Decimal128(long value) => this = Decimal128Math.FromInteger(value);

    public static Decimal128 MaxValue => new(0x5fffed09bead87c0, 0x378d8e63ffffffff);

    public static Decimal128 MinValue => new(0xdfffed09bead87c0, 0x378d8e63ffffffff);

    public static Decimal128 NegativeInfinity => new(0xf800000000000000, 0);

    public static Decimal128 PositiveInfinity => new(0x7800000000000000, 0);

    public static Decimal128 QNaN => new(0x7c00000000000000, 0);

    public static Decimal128 One => new(0x3040000000000000, 1);

    public static Decimal128 Zero => new(0x3040000000000000, 0);

    /// <summary>The number with exactly these bits.</summary>
    public static Decimal128 FromIEEEBits(ulong highBits, ulong lowBits) => new(highBits, lowBits);

    public readonly ulong GetIEEEHighBits() => _high;

    public readonly ulong GetIEEELowBits() => _low;

    public static bool IsInfinity(Decimal128 d) => (d._high & 0x7c00000000000000) == 0x7800000000000000;

    public static bool IsNaN(Decimal128 d) => (d._high & 0x7c00000000000000) == 0x7c00000000000000;

    public static bool IsNegative(Decimal128 d) => (d._high & 0x8000000000000000) != 0;

    /// <exception cref="FormatException">No number, or one that 34 digits cannot hold exactly.</exception>
    public static Decimal128 Parse(string s)
    {
        ArgumentNullException.ThrowIfNull(s);
        return TryParse(s, out var result) ? result : throw new FormatException($"{s} is not a valid Decimal128.");
    }

    public static bool TryParse([NotNullWhen(true)] string? s, out Decimal128 result) => Decimal128Text.TryParse(s, out result);

    /// <summary>By value, exactly; NaN equals NaN and is below everything.</summary>
    public readonly int CompareTo(Decimal128 other) => Decimal128Math.Compare(this, other);

    public readonly bool Equals(Decimal128 other) => CompareTo(other) == 0;

    public override readonly bool Equals(object? obj) => obj is Decimal128 other && Equals(other);

    public override readonly int GetHashCode() => Decimal128Math.Hash(this);

    public override readonly string ToString() => Decimal128Text.Format(this);

    public static implicit operator Decimal128(byte value) => new((long)value);

    public static implicit operator Decimal128(short value) => new((long)value);

    public static implicit operator Decimal128(int value) => new(value);

    public static implicit operator Decimal128(long value) => new(value);

    public static implicit operator Decimal128(decimal value) => new(value);

    public static explicit operator Decimal128(double value) => new(value);

    public static explicit operator decimal(Decimal128 value) => Decimal128Math.ToDecimal(value);

    public static explicit operator double(Decimal128 value) => Decimal128Math.ToDouble(value);

    public static explicit operator int(Decimal128 value) => checked((int)Decimal128Math.ToInt64(value));

    public static explicit operator long(Decimal128 value) => Decimal128Math.ToInt64(value);

    public static bool operator ==(Decimal128 lhs, Decimal128 rhs) => lhs.Equals(rhs);

    public static bool operator !=(Decimal128 lhs, Decimal128 rhs) => !lhs.Equals(rhs);

    public static bool operator <(Decimal128 lhs, Decimal128 rhs) => lhs.CompareTo(rhs) < 0;

    public static bool operator <=(Decimal128 lhs, Decimal128 rhs) => lhs.CompareTo(rhs) <= 0;

    public static bool operator >(Decimal128 lhs, Decimal128 rhs) => lhs.CompareTo(rhs) > 0;

    public static bool operator >=(Decimal128 lhs, Decimal128 rhs) => lhs.CompareTo(rhs) >= 0;
}
