using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using MongoDB.Bson;

namespace Embedded.MongoDB.Values;

/// <summary>
/// A decimal128 opened for comparing and reckoning: coefficient × 10^exponent, exactly. Decimals are rare here, so this
/// is written to be right rather than fast. Results are rounded half-even to 34 digits when they are written.
/// The package's <see cref="Decimal128"/> neither reckons, nor compares with doubles exactly, nor rounds what it parses.
/// </summary>
internal readonly struct DecimalNumber
{
    private const int Bias = 6176;
    private const int MaxDigits = 34;
    private const int MaxExponent = 6111;

    private static readonly BigInteger Limit = BigInteger.Pow(10, MaxDigits);

    private DecimalNumber(double special) => Special = special;

    public DecimalNumber(BigInteger coefficient, int exponent)
    {
        Coefficient = coefficient;
        Exponent = exponent;
    }

    public BigInteger Coefficient { get; }

    public int Exponent { get; }

    /// <summary>NaN or an infinity; zero for the finite.</summary>
    public double Special { get; }

    public bool IsFinite => Special == 0;

    public bool IsNaN => double.IsNaN(Special);

    public bool IsZero => IsFinite && Coefficient.IsZero;

    public int Sign => IsFinite ? Coefficient.Sign : double.IsNaN(Special) ? 0 : Math.Sign(Special);

    public static DecimalNumber NaN => new(double.NaN);

    public static implicit operator DecimalNumber(long value) => new(value, 0);

    /// <summary>The exact value of a double, however many digits it takes.</summary>
    public static DecimalNumber Exactly(double value)
    {
        if (!double.IsFinite(value))
        {
            return new(value);
        }
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) & 0x7ff;
        BigInteger mantissa = bits & 0xfffffffffffff;
        if (exponent == 0)
        {
            exponent = 1;
        }
        else
        {
            mantissa += 1L << 52;
        }
        exponent -= 1075;
        if (bits < 0)
        {
            mantissa = -mantissa;
        }
        return exponent >= 0
            ? new DecimalNumber(mantissa << exponent, 0)
            : new DecimalNumber(mantissa * BigInteger.Pow(5, -exponent), exponent);
    }

    /// <summary>A double as a person would write it, to 15 digits: what arithmetic with decimals uses.</summary>
    public static DecimalNumber Rounded(double value)
    {
        if (!double.IsFinite(value))
        {
            return new(value);
        }
        _ = TryParse(value.ToString("E14", CultureInfo.InvariantCulture), out var result);
        return result.Reduced();
    }

    /// <summary>Opens the 16 bytes of a decimal128 in its binary integer form.</summary>
    public static DecimalNumber Read(ReadOnlySpan<byte> bytes)
    {
        var low = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var high = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        var negative = high >> 63 != 0;
        switch ((high >> 58) & 0x1f)
        {
            case 0x1f: return NaN;
            case 0x1e: return new(negative ? double.NegativeInfinity : double.PositiveInfinity);
        }
        if (((high >> 61) & 3) == 3)
        {
            return new(0, (int)((high >> 47) & 0x3fff) - Bias);
        }
        var coefficient = ((BigInteger)(high & 0x1ffffffffffff) << 64) | low;
        if (coefficient >= Limit)
        {
            coefficient = 0;
        }
        return new(negative ? -coefficient : coefficient, (int)((high >> 49) & 0x3fff) - Bias);
    }

    /// <summary>Writes 16 bytes, rounded half-even to 34 digits.</summary>
    public void Write(Span<byte> bytes)
    {
        ulong high, low = 0;
        if (IsNaN)
        {
            high = 0x7cUL << 56;
        }
        else if (!IsFinite)
        {
            high = (Special < 0 ? 0xf8UL : 0x78UL) << 56;
        }
        else
        {
            var (coefficient, exponent) = Fit();
            if (exponent > MaxExponent)
            {
                high = (Coefficient.Sign < 0 ? 0xf8UL : 0x78UL) << 56;
            }
            else
            {
                var magnitude = BigInteger.Abs(coefficient);
                low = (ulong)(magnitude & ulong.MaxValue);
                high = (ulong)(magnitude >> 64) | ((ulong)(exponent + Bias) << 49) | (coefficient.Sign < 0 ? 1UL << 63 : 0);
            }
        }
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, low);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], high);
    }

    public static bool TryParse(ReadOnlySpan<char> text, out DecimalNumber value)
    {
        value = default;
        text = text.Trim();
        if (text.Equals("NaN", StringComparison.OrdinalIgnoreCase))
        {
            value = NaN;
            return true;
        }
        var unsigned = text is ['-' or '+', ..] ? text[1..] : text;
        if (unsigned.Equals("Infinity", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("Inf", StringComparison.OrdinalIgnoreCase))
        {
            value = new(text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity);
            return true;
        }
        var exponent = 0;
        var mark = unsigned.IndexOfAny('e', 'E');
        if (mark >= 0)
        {
            if (!int.TryParse(unsigned[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            {
                return false;
            }
            unsigned = unsigned[..mark];
        }
        var point = unsigned.IndexOf('.');
        var digits = point < 0 ? unsigned.ToString() : string.Concat(unsigned[..point], unsigned[(point + 1)..]);
        if (digits.Length is 0 or > 4096 || digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }
        if (point >= 0)
        {
            exponent -= unsigned.Length - point - 1;
        }
        var coefficient = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        value = new(text[0] == '-' ? -coefficient : coefficient, exponent);
        return true;
    }

    public static int Compare(DecimalNumber left, DecimalNumber right)
    {
        if (!left.IsFinite || !right.IsFinite)
        {
            return left.Rank.CompareTo(right.Rank);
        }
        var sign = left.Sign;
        if (sign != right.Sign)
        {
            return sign.CompareTo(right.Sign);
        }
        if (sign == 0)
        {
            return 0;
        }
        var magnitude = left.AdjustedExponent.CompareTo(right.AdjustedExponent);
        if (magnitude != 0)
        {
            return magnitude * sign;
        }
        // The same power of ten: only now is aligning them sure to be cheap.
        var shift = left.Exponent - right.Exponent;
        return shift >= 0
            ? (left.Coefficient * BigInteger.Pow(10, shift)).CompareTo(right.Coefficient)
            : left.Coefficient.CompareTo(right.Coefficient * BigInteger.Pow(10, -shift));
    }

    public static DecimalNumber operator +(DecimalNumber left, DecimalNumber right)
    {
        if (!left.IsFinite || !right.IsFinite)
        {
            return new(left.Special + right.Special);
        }
        if (left.Exponent < right.Exponent)
        {
            (left, right) = (right, left);
        }
        var shift = left.Exponent - right.Exponent;
        if (shift > 2 * MaxDigits + 400 && !left.Coefficient.IsZero)
        {
            return left;
        }
        if (left.Coefficient.IsZero)
        {
            return right;
        }
        return new(left.Coefficient * BigInteger.Pow(10, shift) + right.Coefficient, right.Exponent);
    }

    public static DecimalNumber operator -(DecimalNumber value) => value.IsFinite ? new(-value.Coefficient, value.Exponent) : new(-value.Special);

    public static DecimalNumber operator -(DecimalNumber left, DecimalNumber right) => left + -right;

    public static DecimalNumber operator *(DecimalNumber left, DecimalNumber right) => left.IsFinite && right.IsFinite
        ? new(left.Coefficient * right.Coefficient, left.Exponent + right.Exponent)
        : new(left.AsSpecialOperand * right.AsSpecialOperand);

    public static DecimalNumber operator /(DecimalNumber left, DecimalNumber right)
    {
        if (!left.IsFinite || !right.IsFinite)
        {
            return new DecimalNumber(left.AsSpecialOperand / right.AsSpecialOperand);
        }
        // Enough digits that rounding to 34 afterwards cannot be fooled, and a sticky last digit for what is left over.
        var shift = Math.Max(0, MaxDigits + 4 + Digits(right.Coefficient) - Digits(left.Coefficient));
        var quotient = BigInteger.DivRem(left.Coefficient * BigInteger.Pow(10, shift), right.Coefficient, out var remainder);
        if (remainder.IsZero)
        {
            return new DecimalNumber(quotient, left.Exponent - right.Exponent - shift).Reduced(Math.Min(0, left.Exponent - right.Exponent));
        }
        return new(quotient * 10 + quotient.Sign, left.Exponent - right.Exponent - shift - 1);
    }

    public static DecimalNumber operator %(DecimalNumber left, DecimalNumber right)
    {
        if (!left.IsFinite || right.IsNaN)
        {
            return NaN;
        }
        if (!right.IsFinite)
        {
            return left;
        }
        var exponent = Math.Min(left.Exponent, right.Exponent);
        if (left.Exponent - exponent > 7000 || right.Exponent - exponent > 7000)
        {
            return NaN;
        }
        return new(BigInteger.Remainder(
            left.Coefficient * BigInteger.Pow(10, left.Exponent - exponent),
            right.Coefficient * BigInteger.Pow(10, right.Exponent - exponent)), exponent);
    }

    /// <summary>Rounded half-even (or cut off) at a decimal place.</summary>
    public DecimalNumber RoundTo(int place, bool truncate)
    {
        if (!IsFinite || -Exponent <= place)
        {
            return this;
        }
        var divisor = BigInteger.Pow(10, -Exponent - place);
        return new(truncate ? BigInteger.Divide(Coefficient, divisor) : DivideHalfEven(Coefficient, divisor), -place);
    }

    /// <summary>The part before the point, cut off.</summary>
    public BigInteger Truncated =>
        Exponent >= 0 ? Coefficient * BigInteger.Pow(10, Exponent) : BigInteger.Divide(Coefficient, BigInteger.Pow(10, -Exponent));

    public double ToDouble() =>
        IsFinite ? double.Parse(Coefficient.ToString(CultureInfo.InvariantCulture) + "E" + Exponent, CultureInfo.InvariantCulture) : Special;

    /// <summary>The power of ten of the first digit.</summary>
    public int AdjustedExponent => Exponent + Digits(Coefficient) - 1;

    /// <summary>The 34 first digits, without a sign, filled up with zeros on the right.</summary>
    public string LeadingDigits => BigInteger.Abs(Coefficient).ToString(CultureInfo.InvariantCulture).PadRight(MaxDigits, '0')[..MaxDigits];

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        Write(bytes);
        return Decimal128.FromIEEEBits(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes))
            .ToString();
    }

    private double Rank => IsFinite ? 0 : IsNaN ? double.NegativeInfinity : Special > 0 ? 1 : -1;

    private double AsSpecialOperand => IsFinite ? Coefficient.Sign : Special;

    private (BigInteger Coefficient, int Exponent) Fit()
    {
        var (coefficient, exponent) = (Coefficient, Exponent);
        var excess = Math.Max(Digits(coefficient) - MaxDigits, -Bias - exponent);
        if (excess > 0)
        {
            coefficient = excess > Digits(coefficient) + 1 ? 0 : DivideHalfEven(coefficient, BigInteger.Pow(10, excess));
            exponent += excess;
            if (BigInteger.Abs(coefficient) >= Limit)
            {
                coefficient /= 10;
                exponent++;
            }
        }
        while (exponent > MaxExponent && !coefficient.IsZero && BigInteger.Abs(coefficient) * 10 < Limit)
        {
            coefficient *= 10;
            exponent--;
        }
        return (coefficient, coefficient.IsZero ? Math.Clamp(exponent, -Bias, MaxExponent) : exponent);
    }

    private DecimalNumber Reduced(int towards = 0)
    {
        var (coefficient, exponent) = (Coefficient, Exponent);
        while (exponent < towards && !coefficient.IsZero)
        {
            var quotient = BigInteger.DivRem(coefficient, 10, out var last);
            if (!last.IsZero)
            {
                break;
            }
            coefficient = quotient;
            exponent++;
        }
        return new(coefficient, exponent);
    }

    private static BigInteger DivideHalfEven(BigInteger value, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(value, divisor, out var remainder);
        var half = (BigInteger.Abs(remainder) * 2).CompareTo(divisor);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + value.Sign : quotient;
    }

    private static int Digits(BigInteger value) => value.IsZero ? 1 : BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).Length;
}
