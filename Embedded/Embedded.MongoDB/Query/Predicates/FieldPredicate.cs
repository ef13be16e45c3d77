using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Query.Predicates;

/// <summary>Some value that a path leads to passes a test.</summary>
internal sealed class FieldPredicate(FieldPath path, ValueTest test) : Predicate
{
    public override FieldUse Uses { get; } = FieldUse.Of([path.Text]);

    public override bool Matches(ReadOnlySpan<byte> document, ref int position) => path.Any(document, test, ref position);

    public override void AddBounds(List<FieldBound> bounds)
    {
        if (test.Bound(path.Text) is { } bound)
        {
            bounds.Add(bound);
        }
    }

    public override void AddEqualities(List<(FieldPath Path, StoredValue Value)> equalities)
    {
        if (test.OnlyValue is { } value)
        {
            equalities.Add((path, value));
        }
    }
}
