using System.Buffers.Binary;
using MongoDB.Bson;

namespace Embedded.MongoDB.Values;

/// <summary>One of the four numeric types, opened. Arithmetic widens: int32 → int64 → double → decimal.</summary>
internal readonly struct Number
{
    private readonly long _integer;
    private readonly double _double;
    private readonly DecimalNumber _decimal;

    private Number(BsonType type, long integer, double real, DecimalNumber exact) =>
        (Type, _integer, _double, _decimal) = (type, integer, real, exact);

    public BsonType Type { get; }

    public static Number From(RawValue value) => value.Type switch
    {
        BsonType.Int32 => value.AsInt32,
        BsonType.Int64 => value.AsInt64,
        BsonType.Double => value.AsDouble,
        BsonType.Decimal128 => DecimalNumber.Read(value.Bytes),
        _ => throw new CommandException(ErrorCode.TypeMismatch, $"a number was expected, not a value of type {TypeName.Of(value.Type)}"),
    };

    public static implicit operator Number(int value) => new(BsonType.Int32, value, 0, default);

    public static implicit operator Number(long value) => new(BsonType.Int64, value, 0, default);

    public static implicit operator Number(double value) => new(BsonType.Double, 0, value, default);

    public static implicit operator Number(DecimalNumber value) => new(BsonType.Decimal128, 0, 0, value);

    public bool IsInteger => Type is BsonType.Int32 or BsonType.Int64;

    public bool IsDecimal => Type == BsonType.Decimal128;

    public bool IsZero => IsInteger ? _integer == 0 : IsDecimal ? _decimal.IsZero : _double == 0;

    public bool IsNaN => IsDecimal ? _decimal.IsNaN : Type == BsonType.Double && double.IsNaN(_double);

    public long Integer => _integer;

    public double ToDouble() => IsInteger ? _integer : IsDecimal ? _decimal.ToDouble() : _double;

    /// <summary>For arithmetic: a double becomes the decimal a person would write for it.</summary>
    public DecimalNumber ToDecimal() => IsInteger ? _integer : IsDecimal ? _decimal : DecimalNumber.Rounded(_double);

    /// <summary>For comparing: a double keeps its exact value.</summary>
    public DecimalNumber ToExactDecimal() => IsInteger ? _integer : IsDecimal ? _decimal : DecimalNumber.Exactly(_double);

    /// <summary>The whole number that this is, or nothing when it has a fraction or does not fit.</summary>
    public bool TryGetInt64(out long value)
    {
        value = _integer;
        if (IsInteger)
        {
            return true;
        }
        if (IsDecimal)
        {
            if (!_decimal.IsFinite || _decimal.AdjustedExponent > 20)
            {
                return false;
            }
            var whole = _decimal.Truncated;
            if (whole < long.MinValue || whole > long.MaxValue || DecimalNumber.Compare(_decimal, new DecimalNumber(whole, 0)) != 0)
            {
                return false;
            }
            value = (long)whole;
            return true;
        }
        if (!(_double >= -9.2233720368547758E18 && _double < 9.2233720368547758E18) || Math.Truncate(_double) != _double)
        {
            return false;
        }
        value = (long)_double;
        return true;
    }

    /// <summary>The whole part, where it fits an int64.</summary>
    public bool TryTruncate(out long value)
    {
        if (IsDecimal)
        {
            return ((Number)(_decimal.IsFinite ? _decimal.RoundTo(0, truncate: true) : _decimal)).TryTruncateWhole(out value);
        }
        if (IsInteger)
        {
            value = _integer;
            return true;
        }
        return ((Number)Math.Truncate(_double)).TryGetInt64(out value);
    }

    public static int Compare(Number left, Number right)
    {
        if (left.IsInteger && right.IsInteger)
        {
            return left._integer.CompareTo(right._integer);
        }
        if (left.IsDecimal || right.IsDecimal)
        {
            return DecimalNumber.Compare(left.ToExactDecimal(), right.ToExactDecimal());
        }
        if (left.IsInteger)
        {
            return Compare(left._integer, right._double);
        }
        if (right.IsInteger)
        {
            return -Compare(right._integer, left._double);
        }
        return left._double.CompareTo(right._double);                   // NaN below all, as the order wants; -0 = 0
    }

    public static Number operator +(Number left, Number right)
    {
        if (left.IsInteger && right.IsInteger)
        {
            var sum = unchecked(left._integer + right._integer);
            return ((left._integer ^ sum) & (right._integer ^ sum)) < 0 ? (Number)((double)left._integer + right._integer) : Narrow(left, right, sum);
        }
        return left.IsDecimal || right.IsDecimal ? left.ToDecimal() + right.ToDecimal() : left.ToDouble() + right.ToDouble();
    }

    public static Number operator -(Number left, Number right)
    {
        if (left.IsInteger && right.IsInteger)
        {
            var difference = unchecked(left._integer - right._integer);
            return ((left._integer ^ right._integer) & (left._integer ^ difference)) < 0
                ? (Number)((double)left._integer - right._integer)
                : Narrow(left, right, difference);
        }
        return left.IsDecimal || right.IsDecimal ? left.ToDecimal() - right.ToDecimal() : left.ToDouble() - right.ToDouble();
    }

    public static Number operator *(Number left, Number right)
    {
        if (left.IsInteger && right.IsInteger)
        {
            var high = Math.BigMul(left._integer, right._integer, out var low);
            return high == low >> 63 ? Narrow(left, right, low) : (double)left._integer * right._integer;
        }
        return left.IsDecimal || right.IsDecimal ? left.ToDecimal() * right.ToDecimal() : left.ToDouble() * right.ToDouble();
    }

    /// <summary>Writes the value after an element's type and name.</summary>
    public void Write(BsonBuffer buffer)
    {
        switch (Type)
        {
            case BsonType.Int32: BinaryPrimitives.WriteInt32LittleEndian(buffer.Take(4), (int)_integer); break;
            case BsonType.Int64: BinaryPrimitives.WriteInt64LittleEndian(buffer.Take(8), _integer); break;
            case BsonType.Double: BinaryPrimitives.WriteDoubleLittleEndian(buffer.Take(8), _double); break;
            default: _decimal.Write(buffer.Take(16)); break;
        }
    }

    public override string ToString() => IsInteger
        ? _integer.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : IsDecimal ? _decimal.ToString() : Text(_double);

    /// <summary>The shortest text that reads back as the same double.</summary>
    public static string Text(double value) => value switch
    {
        double.PositiveInfinity => "Infinity",
        double.NegativeInfinity => "-Infinity",
        _ => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
    };

    private bool TryTruncateWhole(out long value) => TryGetInt64(out value);

    private static Number Narrow(Number left, Number right, long value) =>
        left.Type == BsonType.Int32 && right.Type == BsonType.Int32 && value == (int)value ? (Number)(int)value : value;

    private static int Compare(long left, double right)
    {
        if (double.IsNaN(right))
        {
            return 1;
        }
        if (right >= 9.2233720368547758E18)
        {
            return -1;
        }
        if (right < -9.2233720368547758E18)
        {
            return 1;
        }
        var whole = (long)right;
        return left != whole ? left.CompareTo(whole) : -(right - whole).CompareTo(0.0);
    }
}
