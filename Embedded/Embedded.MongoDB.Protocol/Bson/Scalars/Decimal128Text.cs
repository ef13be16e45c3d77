using System.Globalization;

namespace MongoDB.Bson;

/// <summary>Decimal numbers as text, in the form that the decimal128 specification of the drivers gives.</summary>
internal static class Decimal128Text
{
    public static string Format(Decimal128 value)
    {
        if (Decimal128.IsNaN(value))
            return "NaN";
        if (Decimal128.IsInfinity(value))
            return Decimal128.IsNegative(value) ? "-Infinity" : "Infinity";

        var (isNegative, coefficient, exponent) = Decimal128Math.Parts(value);
        var digits = coefficient.ToString(CultureInfo.InvariantCulture);
        var sign = isNegative ? "-" : "";
        var adjusted = exponent + digits.Length - 1;
        if (exponent > 0 || adjusted < -6)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}{fraction}E{adjusted:+0;-0;+0}");
        }
        if (exponent == 0)
            return sign + digits;
        digits = digits.PadLeft(1 - exponent, '0');
        return $"{sign}{digits[..^-exponent]}.{digits[^-exponent..]}";
    }

    /// <summary>False for what is no number, and for a number that would have to be rounded.</summary>
    public static bool TryParse(string? text, out Decimal128 result)
    {
        result = default;
        if (string.IsNullOrEmpty(text))
            return false;

        var isNegative = text[0] == '-';
        var rest = text.AsSpan(isNegative || text[0] == '+' ? 1 : 0);
        if (rest.Equals("inf", StringComparison.OrdinalIgnoreCase) || rest.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            result = isNegative ? Decimal128.NegativeInfinity : Decimal128.PositiveInfinity;
            return true;
        }
        if (rest.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            result = Decimal128.QNaN;
            return true;
        }
        return TryParseFinite(isNegative, rest, out result);
    }

    private static bool TryParseFinite(bool isNegative, ReadOnlySpan<char> text, out Decimal128 result)
    {
        result = default;
        var exponent = 0L;
        var exponentAt = text.IndexOfAny('e', 'E');
        if (exponentAt >= 0)
        {
            var written = text[(exponentAt + 1)..];
            if (written.IsEmpty || !long.TryParse(written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
                return false;
            exponent = Math.Clamp(exponent, int.MinValue, int.MaxValue);
            text = text[..exponentAt];
        }

        var coefficient = UInt128.Zero;
        var digitCount = 0;
        var seenPoint = false;
        foreach (var character in text)
        {
            if (character == '.' && !seenPoint)
            {
                seenPoint = true;
                continue;
            }
            if (!char.IsAsciiDigit(character))
                return false;

            digitCount++;
            exponent -= seenPoint ? 1 : 0;
            if (coefficient <= (Decimal128Math.MaxCoefficient - (UInt128)(character - '0')) / 10)
                coefficient = coefficient * 10 + (UInt128)(character - '0');
            else if (character == '0')
                exponent++;                             // a zero after the 34th digit: the exponent holds it
            else
                return false;
        }
        return digitCount > 0 && TryFit(isNegative, coefficient, exponent, out result);
    }

    /// <summary>Moves zeros between coefficient and exponent until the exponent is in range.</summary>
    private static bool TryFit(bool isNegative, UInt128 coefficient, long exponent, out Decimal128 result)
    {
        result = default;
        if (coefficient == 0)
            exponent = Math.Clamp(exponent, Decimal128Math.MinExponent, Decimal128Math.MaxExponent);
        for (; exponent < Decimal128Math.MinExponent && coefficient % 10 == 0; exponent++)
            coefficient /= 10;
        for (; exponent > Decimal128Math.MaxExponent && coefficient <= Decimal128Math.MaxCoefficient / 10; exponent--)
            coefficient *= 10;
        if (exponent is < Decimal128Math.MinExponent or > Decimal128Math.MaxExponent)
            return false;
        result = Decimal128Math.Of(isNegative, coefficient, (int)exponent);
        return true;
    }
}
