using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Query.Predicates;

/// <summary>Equal to a value; null is also equal to what is missing.</summary>
internal sealed class EqualTest(StoredValue value) : ValueTest
{
    private readonly bool _isNull = value.Type == BsonType.Null;

    public override StoredValue? OnlyValue => value;

    public override bool Test(RawValue candidate, ref int position) =>
        _isNull ? candidate.IsNullish : !candidate.IsMissing && ValueOrder.Equal(candidate, value.Raw);

    // An index holds the elements of an array, not the array, so it knows nothing of being equal to one.
    public override FieldBound? Bound(string path) => value.Type is BsonType.Array or BsonType.Undefined ? null : new(path, [value]);
}

/// <summary>Equal to one of several values.</summary>
internal sealed class InTest : ValueTest
{
    private readonly StoredValue[] _sorted;
    private readonly bool _hasNull;
    private readonly IReadOnlyList<RegexTest> _patterns;

    public InTest(IEnumerable<StoredValue> values, IReadOnlyList<RegexTest> patterns)
    {
        _sorted = [.. values];
        Array.Sort(_sorted, (a, b) => ValueOrder.Compare(a.Raw, b.Raw));
        _hasNull = _sorted.Any(value => value.Type == BsonType.Null);
        _patterns = patterns;
    }

    public override StoredValue? OnlyValue => _sorted is [var only] && _patterns.Count == 0 ? only : null;

    public override bool Test(RawValue candidate, ref int position)
    {
        if (candidate.IsNullish && _hasNull)
        {
            return true;
        }
        if (candidate.IsMissing)
        {
            return false;
        }
        var low = 0;
        var high = _sorted.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = ValueOrder.Compare(_sorted[middle].Raw, candidate);
            if (order == 0)
            {
                return true;
            }
            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        foreach (var pattern in _patterns)
        {
            if (pattern.Test(candidate, ref position))
            {
                return true;
            }
        }
        return false;
    }

    public override FieldBound? Bound(string path) =>
        _patterns.Count > 0 || _sorted.Length == 0 || _sorted.Any(value => value.Type is BsonType.Array or BsonType.Undefined)
            ? null
            : new(path, _sorted);
}

/// <summary><c>$gt $gte $lt $lte</c>: only values of the operand's own class are compared at all.</summary>
internal sealed class RangeTest(StoredValue limit, bool greater, bool orEqual) : ValueTest
{
    private readonly int _class = ValueOrder.ClassOf(limit.Type);
    private readonly bool _isNull = limit.Type == BsonType.Null;
    private readonly bool _isNumber = limit.Raw.IsNumber;
    private readonly bool _isNaN = limit.Raw.IsNumber && Number.From(limit.Raw).IsNaN;
    private readonly bool _anyClass = limit.Type is BsonType.MinKey or BsonType.MaxKey;

    public override bool Test(RawValue candidate, ref int position)
    {
        if (_isNull)
        {
            return orEqual && candidate.IsNullish;
        }
        if (!_anyClass)
        {
            if (candidate.IsMissing || ValueOrder.ClassOf(candidate.Type) != _class)
            {
                return false;
            }
            // NaN is ordered for sorting, but it is neither below nor above a number here.
            if (_isNumber && (_isNaN || Number.From(candidate).IsNaN))
            {
                return orEqual && _isNaN && Number.From(candidate).IsNaN;
            }
        }
        var order = ValueOrder.Compare(candidate, limit.Raw);
        return order == 0 ? orEqual : order > 0 == greater;
    }

    public override FieldBound? Bound(string path)
    {
        if (_anyClass || limit.Type is BsonType.Array or BsonType.Undefined)
        {
            return null;
        }
        if (_isNull || _isNaN)
        {
            return orEqual ? new(path, [limit]) : null;
        }
        return greater ? new(path, null, Lower: limit, LowerInclusive: orEqual) : new(path, null, Upper: limit, UpperInclusive: orEqual);
    }
}
