using System.Globalization;
using System.Numerics;

namespace MongoDB.Bson;

/// <summary>A decimal taken apart (coefficient × 10^exponent), put together again, compared and converted.</summary>
internal static class Decimal128Math
{
    public const int MinExponent = -6176;
    public const int MaxExponent = 6111;
    public const int MaxDigitCount = 34;

    private const int Bias = 6176;
    private const ulong SignBit = 0x8000000000000000;

    public static readonly UInt128 MaxCoefficient = UInt128.Parse("9999999999999999999999999999999999", CultureInfo.InvariantCulture);

    /// <summary>Sign, coefficient and exponent of a finite number. A coefficient that is too large counts as 0, as does the other encoding.</summary>
    public static (bool IsNegative, UInt128 Coefficient, int Exponent) Parts(Decimal128 value)
    {
        var high = value.GetIEEEHighBits();
        var isNegative = (high & SignBit) != 0;
        if ((high & 0x6000000000000000) == 0x6000000000000000)
            return (isNegative, 0, (int)((high >> 47) & 0x3fff) - Bias);

        var coefficient = new UInt128(high & 0x0001ffffffffffff, value.GetIEEELowBits());
        return (isNegative, coefficient > MaxCoefficient ? 0 : coefficient, (int)((high >> 49) & 0x3fff) - Bias);
    }

    public static Decimal128 Of(bool isNegative, UInt128 coefficient, int exponent) => Decimal128.FromIEEEBits(
        (isNegative ? SignBit : 0) | ((ulong)(exponent + Bias) << 49) | (ulong)(coefficient >> 64),
        (ulong)coefficient);

    public static Decimal128 FromInteger(long value) => Of(value < 0, value < 0 ? (UInt128)(-(Int128)value) : (UInt128)value, 0);

    public static Decimal128 FromDecimal(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var coefficient = new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        return Of(bits[3] < 0, coefficient, -((bits[3] >> 16) & 0xff));
    }

    /// <summary>The double's exact value to 34 digits, half to even: 0.1 becomes 0.1000000000000000055511151231257827.</summary>
    public static Decimal128 FromDouble(double value)
    {
        if (double.IsNaN(value))
            return Decimal128.QNaN;
        if (double.IsInfinity(value))
            return value > 0 ? Decimal128.PositiveInfinity : Decimal128.NegativeInfinity;

        var bits = BitConverter.DoubleToInt64Bits(value);
        var binaryExponent = (int)((bits >> 52) & 0x7ff);
        var mantissa = (BigInteger)(bits & 0xfffffffffffff);
        if (binaryExponent == 0)
            binaryExponent++;
        else
            mantissa |= BigInteger.One << 52;
        binaryExponent -= 1075;

        // mantissa × 2^-n = mantissa × 5^n × 10^-n
        var exponent = Math.Min(binaryExponent, 0);
        var coefficient = binaryExponent >= 0 ? mantissa << binaryExponent : mantissa * BigInteger.Pow(5, -binaryExponent);
        return Rounded(bits < 0, coefficient, exponent);
    }

    public static int Compare(Decimal128 left, Decimal128 right)
    {
        var (a, b) = (Rank(left), Rank(right));
        if (a != b || a != 1)
            return a.CompareTo(b);

        var (leftNegative, leftCoefficient, leftExponent) = Parts(left);
        var (rightNegative, rightCoefficient, rightExponent) = Parts(right);
        if (leftCoefficient == 0 || rightCoefficient == 0)
        {
            return leftCoefficient != 0 ? (leftNegative ? -1 : 1)
                : rightCoefficient != 0 ? (rightNegative ? 1 : -1)
                : 0;
        }
        if (leftNegative != rightNegative)
            return leftNegative ? -1 : 1;

        var order = CompareMagnitudes(leftCoefficient, leftExponent, rightCoefficient, rightExponent);
        return leftNegative ? -order : order;
    }

    public static int Hash(Decimal128 value)
    {
        if (Rank(value) != 1)
            return Rank(value);
        var (isNegative, coefficient, exponent) = Parts(value);
        if (coefficient == 0)
            return 0;
        for (; coefficient % 10 == 0; exponent++)
            coefficient /= 10;
        return HashCode.Combine(isNegative, coefficient, exponent);
    }

    /// <exception cref="OverflowException">Too large, or no number.</exception>
    public static decimal ToDecimal(Decimal128 value)
    {
        if (Rank(value) != 1)
            throw new OverflowException($"{value} is no decimal.");
        return decimal.Parse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    public static double ToDouble(Decimal128 value)
    {
        if (Decimal128.IsNaN(value))
            return double.NaN;
        if (Decimal128.IsInfinity(value))
            return Decimal128.IsNegative(value) ? double.NegativeInfinity : double.PositiveInfinity;
        return double.Parse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>Without its fraction.</summary>
    /// <exception cref="OverflowException">Too large, or no number.</exception>
    public static long ToInt64(Decimal128 value)
    {
        if (Rank(value) != 1)
            throw new OverflowException($"{value} is no integer.");
        var (isNegative, coefficient, exponent) = Parts(value);
        if (coefficient == 0 || exponent <= -MaxDigitCount)
            return 0;
        if (exponent > MaxDigitCount)
            throw new OverflowException($"{value} does not fit into 64 bits.");
        var whole = exponent >= 0 ? (BigInteger)coefficient * BigInteger.Pow(10, exponent) : (BigInteger)coefficient / BigInteger.Pow(10, -exponent);
        return (long)(isNegative ? -whole : whole);
    }

    private static int Rank(Decimal128 value) =>
        Decimal128.IsNaN(value) ? -1
        : !Decimal128.IsInfinity(value) ? 1
        : Decimal128.IsNegative(value) ? 0 : 2;

    private static int CompareMagnitudes(UInt128 left, int leftExponent, UInt128 right, int rightExponent)
    {
        // The position of the first digit decides unless it is the same, and then the exponents are at most 33 apart.
        var byFirstDigit = (DigitCount(left) + leftExponent).CompareTo(DigitCount(right) + rightExponent);
        if (byFirstDigit != 0)
            return byFirstDigit;
        var lower = Math.Min(leftExponent, rightExponent);
        return ((BigInteger)left * BigInteger.Pow(10, leftExponent - lower)).CompareTo((BigInteger)right * BigInteger.Pow(10, rightExponent - lower));
    }

    private static int DigitCount(UInt128 value)
    {
        var count = 1;
        for (; value >= 10; value /= 10)
            count++;
        return count;
    }

    private static Decimal128 Rounded(bool isNegative, BigInteger coefficient, int exponent)
    {
        var surplus = coefficient.ToString(CultureInfo.InvariantCulture).Length - MaxDigitCount;
        if (surplus > 0)
        {
            var unit = BigInteger.Pow(10, surplus);
            coefficient = BigInteger.DivRem(coefficient, unit, out var rest);
            var half = (rest * 2).CompareTo(unit);
            if (half > 0 || (half == 0 && !coefficient.IsEven))
                coefficient++;
            exponent += surplus;
        }
        while (exponent < 0 && !coefficient.IsZero && coefficient % 10 == 0)
        {
            coefficient /= 10;
            exponent++;
        }
        return coefficient.IsZero ? Of(isNegative, 0, 0) : Of(isNegative, (UInt128)coefficient, exponent);
    }
}
