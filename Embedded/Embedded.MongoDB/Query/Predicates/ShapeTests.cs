using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Query.Predicates;

/// <summary><c>$exists</c>: something is there, be it null.</summary>
internal sealed class ExistsTest : ValueTest
{
    public override bool EntersArrays => false;

    public override bool Test(RawValue candidate, ref int position) => !candidate.IsMissing;
}

/// <summary><c>$type</c>: the value, or an element of it, is of one of these types.</summary>
internal sealed class TypeTest(IReadOnlySet<BsonType> types) : ValueTest
{
    public override bool Test(RawValue candidate, ref int position) => !candidate.IsMissing && types.Contains(candidate.Type);
}

/// <summary><c>$size</c>: an array of just so many elements.</summary>
internal sealed class SizeTest(long size) : ValueTest
{
    public override bool EntersArrays => false;

    public override bool Test(RawValue candidate, ref int position) => candidate.IsArray && Elements.Count(candidate.Bytes) == size;
}

/// <summary><c>$mod</c>: divided by one number leaves another, fractions cut off first.</summary>
internal sealed class ModTest(long divisor, long remainder) : ValueTest
{
    public override bool Test(RawValue candidate, ref int position) =>
        candidate.IsNumber && Number.From(candidate).TryTruncate(out var value) && Remainder(value) == remainder;

    // long.MinValue % -1 overflows in hardware; its remainder is zero.
    private long Remainder(long value) => divisor == -1 ? 0 : value % divisor;
}

/// <summary><c>$bitsAllSet $bitsAnySet $bitsAllClear $bitsAnyClear</c> over an integer or binary data.</summary>
internal sealed class BitsTest(IReadOnlyList<int> positions, bool set, bool all) : ValueTest
{
    public override bool Test(RawValue candidate, ref int position)
    {
        if (candidate.IsNumber)
        {
            if (!Number.From(candidate).TryGetInt64(out var value))
            {
                return false;
            }
            foreach (var bit in positions)
            {
                // Beyond 63 an integer goes on with its sign.
                if (((value >> Math.Min(bit, 63)) & 1) != 0 == set != all)
                {
                    return !all;
                }
            }
            return all;
        }
        if (candidate.Type != BsonType.Binary)
        {
            return false;
        }
        var payload = candidate.Payload;
        foreach (var bit in positions)
        {
            if ((bit / 8 < payload.Length && ((payload[bit / 8] >> (bit % 8)) & 1) != 0) == set != all)
            {
                return !all;
            }
        }
        return all;
    }
}
