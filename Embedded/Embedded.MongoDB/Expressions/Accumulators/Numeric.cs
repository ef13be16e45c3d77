using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions.Accumulators;

/// <summary>
/// <c>$sum</c>: integers exactly, doubles with a correction term, and decimal as soon as one is. What is no number is
/// passed over. Without doubles the result is int32 where it fits and no int64 came in.
/// </summary>
internal sealed class Sum : Accumulator
{
    private Int128 _integers;
    private double _reals;
    private double _lost;
    private DecimalNumber _decimals;
    private bool _sawLong;
    private bool _sawReal;
    private bool _sawDecimal;

    public long Count { get; private set; }

    public bool IsDecimal => _sawDecimal;

    public override void Add(RawValue value)
    {
        switch (value.Type)
        {
            case BsonType.Int32:
                _integers += value.AsInt32;
                break;
            case BsonType.Int64:
                _integers += value.AsInt64;
                _sawLong = true;
                break;
            case BsonType.Double:
                AddReal(value.AsDouble);
                _sawReal = true;
                break;
            case BsonType.Decimal128:
                _decimals += DecimalNumber.Read(value.Bytes);
                _sawDecimal = true;
                break;
            default:
                return;
        }
        Count++;
    }

    public Number Total
    {
        get
        {
            if (_sawDecimal)
            {
                return _decimals + new DecimalNumber((System.Numerics.BigInteger)_integers, 0) + DecimalNumber.Rounded(Reals);
            }
            if (_sawReal)
            {
                return Reals + (double)_integers;
            }
            if (!_sawLong && _integers >= int.MinValue && _integers <= int.MaxValue)
            {
                return (int)_integers;
            }
            return _integers >= long.MinValue && _integers <= long.MaxValue ? (Number)(long)_integers : (double)_integers;
        }
    }

    public override void Write(ReadOnlySpan<byte> name, BsonBuffer output)
    {
        var total = Total;
        output.BeginElement(total.Type, name);
        total.Write(output);
    }

    // With an infinity among them the correction is NaN and the plain sum is right.
    private double Reals => double.IsFinite(_lost) ? _reals + _lost : _reals;

    /// <summary>Neumaier's summation: what rounding loses is added up beside the sum.</summary>
    private void AddReal(double value)
    {
        var sum = _reals + value;
        _lost += Math.Abs(_reals) >= Math.Abs(value) ? _reals - sum + value : value - sum + _reals;
        _reals = sum;
    }
}

/// <summary><c>$avg</c>: null when there were no numbers.</summary>
internal sealed class Average : Accumulator
{
    private readonly Sum _sum = new();

    public override void Add(RawValue value) => _sum.Add(value);

    public override void Write(ReadOnlySpan<byte> name, BsonBuffer output)
    {
        if (_sum.Count == 0)
        {
            output.WriteElement(name, RawValue.Null);
            return;
        }
        var average = _sum.IsDecimal ? _sum.Total.ToDecimal() / _sum.Count : (Number)(_sum.Total.ToDouble() / _sum.Count);
        output.BeginElement(average.Type, name);
        average.Write(output);
    }
}

/// <summary><c>$count</c>.</summary>
internal sealed class Count : Accumulator
{
    private long _count;

    public override void Add(RawValue value) => _count++;

    public override void Write(ReadOnlySpan<byte> name, BsonBuffer output)
    {
        if (_count <= int.MaxValue)
        {
            output.WriteInt32(name, (int)_count);
        }
        else
        {
            output.WriteInt64(name, _count);
        }
    }
}

/// <summary><c>$stdDevPop</c> and <c>$stdDevSamp</c>, by Welford's method.</summary>
internal sealed class Deviation(bool sample) : Accumulator
{
    private long _count;
    private double _mean;
    private double _squares;

    public override void Add(RawValue value)
    {
        if (!value.IsNumber)
        {
            return;
        }
        var number = Number.From(value).ToDouble();
        _count++;
        var away = number - _mean;
        _mean += away / _count;
        _squares += away * (number - _mean);
    }

    public override void Write(ReadOnlySpan<byte> name, BsonBuffer output)
    {
        var over = sample ? _count - 1 : _count;
        if (over <= 0)
        {
            output.WriteElement(name, RawValue.Null);
            return;
        }
        Number deviation = Math.Sqrt(_squares / over);
        output.BeginElement(deviation.Type, name);
        deviation.Write(output);
    }
}
