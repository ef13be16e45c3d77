namespace Embedded.MongoDB.Values;

/// <summary>A question about one value, such as "greater than 5".</summary>
internal abstract class ValueTest
{
    /// <summary>Whether an array passes when one of its elements does.</summary>
    public virtual bool EntersArrays => true;

    /// <param name="value">The value; missing where the path led nowhere.</param>
    /// <param name="position">Set by a test that looks at the elements of an array itself: the index that passed.</param>
    public abstract bool Test(RawValue value, ref int position);

    /// <summary>What an index can know of this test; null when nothing.</summary>
    public virtual FieldBound? Bound(string path) => null;

    /// <summary>The one value that passes, if there is just one: what an upsert starts its document with.</summary>
    public virtual StoredValue? OnlyValue => null;
}
