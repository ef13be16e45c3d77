using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Query.Predicates;

/// <summary><c>$and</c>, and the conditions that stand beside each other in one document.</summary>
internal sealed class All(IReadOnlyList<Predicate> parts) : Predicate
{
    private readonly Predicate[] _parts = [.. parts];

    public override FieldUse Uses { get; } = Junction.UsesOf(parts);

    public override bool Matches(ReadOnlySpan<byte> document, ref int position)
    {
        foreach (var part in _parts)
        {
            if (!part.Matches(document, ref position))
            {
                return false;
            }
        }
        return true;
    }

    public override void AddBounds(List<FieldBound> bounds)
    {
        foreach (var part in _parts)
        {
            part.AddBounds(bounds);
        }
    }

    public override void AddEqualities(List<(FieldPath Path, StoredValue Value)> equalities)
    {
        foreach (var part in _parts)
        {
            part.AddEqualities(equalities);
        }
    }
}

/// <summary><c>$or</c>.</summary>
internal sealed class Either(IReadOnlyList<Predicate> parts) : Predicate
{
    private readonly Predicate[] _parts = [.. parts];

    public override FieldUse Uses { get; } = Junction.UsesOf(parts);

    public override bool Matches(ReadOnlySpan<byte> document, ref int position)
    {
        foreach (var part in _parts)
        {
            if (part.Matches(document, ref position))
            {
                return true;
            }
        }
        return false;
    }

    public override void AddBounds(List<FieldBound> bounds)
    {
        if (_parts is [var only])
        {
            only.AddBounds(bounds);
        }
    }

    public override void AddEqualities(List<(FieldPath Path, StoredValue Value)> equalities)
    {
        if (_parts is [var only])
        {
            only.AddEqualities(equalities);
        }
    }
}

/// <summary><c>$nor</c>, <c>$not</c>, <c>$ne</c> and <c>$nin</c>: the opposite of a predicate, also about what is missing.</summary>
internal sealed class Not(Predicate inner) : Predicate
{
    public override FieldUse Uses => inner.Uses;

    public override bool Matches(ReadOnlySpan<byte> document, ref int position)
    {
        var ignored = -1;
        return !inner.Matches(document, ref ignored);
    }
}

internal static class Junction
{
    public static FieldUse UsesOf(IEnumerable<Predicate> parts) => parts.Aggregate(FieldUse.None, (uses, part) => uses.Union(part.Uses));
}
