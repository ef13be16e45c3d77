using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Query;

/// <summary>
/// A query filter, taken apart once and then asked of many documents, from any thread. It works on the documents'
/// bytes and allocates nothing for the common operators.
/// </summary>
/// <remarks>Start reading at <see cref="FilterParser"/> for the operators and at <see cref="FieldPath.Any"/> for how paths meet arrays.</remarks>
internal sealed class Filter
{
    private readonly Predicate _predicate;

    internal Filter(Predicate predicate, bool isEmpty)
    {
        _predicate = predicate;
        IsEmpty = isEmpty;
        var bounds = new List<FieldBound>();
        predicate.AddBounds(bounds);
        Bounds = bounds;
        var equalities = new List<(FieldPath, StoredValue)>();
        predicate.AddEqualities(equalities);
        Equalities = equalities;
    }

    /// <summary>Whether the filter is <c>{}</c> and so matches everything.</summary>
    public bool IsEmpty { get; }

    /// <summary>What every matching document satisfies, one bound per condition: what an index can be asked.</summary>
    public IReadOnlyList<FieldBound> Bounds { get; }

    /// <summary>The fields that the filter fixes to one value: what an upsert starts from.</summary>
    public IReadOnlyList<(FieldPath Path, StoredValue Value)> Equalities { get; }

    /// <summary>The fields that the filter looks at.</summary>
    public FieldUse Uses => _predicate.Uses;

    /// <param name="spec">The filter document; its bytes are not kept.</param>
    /// <param name="variables">What <c>let</c> defines, for <c>$expr</c>.</param>
    /// <exception cref="CommandException">2 BadValue and others: the filter uses an operator wrongly, or one that is not supported.</exception>
    public static Filter Parse(ReadOnlySpan<byte> spec, Variables? variables = null) =>
        new(FilterParser.Parse(spec, variables ?? Variables.None), Elements.IsEmpty(spec));

    public bool Matches(ReadOnlySpan<byte> document)
    {
        var position = -1;
        return _predicate.Matches(document, ref position);
    }

    /// <summary>Matches, and says which element of an array did: what the positional <c>$</c> stands for; −1 where no array was entered.</summary>
    public bool Matches(ReadOnlySpan<byte> document, out int position)
    {
        position = -1;
        return _predicate.Matches(document, ref position);
    }
}
