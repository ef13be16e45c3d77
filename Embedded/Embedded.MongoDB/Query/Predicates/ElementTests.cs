using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Query.Predicates;

/// <summary><c>$elemMatch</c> with a query: some element that is a document (or an array, seen as one) matches it.</summary>
internal sealed class ElementMatchesTest(Predicate query) : ValueTest
{
    public override bool EntersArrays => false;

    public override bool Test(RawValue candidate, ref int position)
    {
        if (!candidate.IsArray)
        {
            return false;
        }
        var elements = new Elements(candidate.Bytes);
        for (var i = 0; elements.MoveNext(); i++)
        {
            var ignored = -1;
            if (elements.Type is BsonType.Document or BsonType.Array && query.Matches(elements.ValueBytes, ref ignored))
            {
                position = i;
                return true;
            }
        }
        return false;
    }
}

/// <summary><c>$elemMatch</c> with operators: some one element passes all of them.</summary>
internal sealed class ElementPassesTest(ValueTest test) : ValueTest
{
    public override bool EntersArrays => false;

    public override bool Test(RawValue candidate, ref int position)
    {
        if (!candidate.IsArray)
        {
            return false;
        }
        var elements = new Elements(candidate.Bytes);
        for (var i = 0; elements.MoveNext(); i++)
        {
            var ignored = -1;
            if (test.Test(elements.Value, ref ignored))
            {
                position = i;
                return true;
            }
        }
        return false;
    }
}

/// <summary>Several tests of the same one value.</summary>
internal sealed class AllTests(IReadOnlyList<ValueTest> tests) : ValueTest
{
    public override bool Test(RawValue candidate, ref int position)
    {
        foreach (var test in tests)
        {
            if (!test.Test(candidate, ref position))
            {
                return false;
            }
        }
        return true;
    }
}

/// <summary>The opposite of a test of one value.</summary>
internal sealed class NotTest(ValueTest inner) : ValueTest
{
    public override bool Test(RawValue candidate, ref int position)
    {
        var ignored = -1;
        return !inner.Test(candidate, ref ignored);
    }
}
