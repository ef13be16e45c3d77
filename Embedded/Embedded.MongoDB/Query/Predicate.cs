using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Query;

/// <summary>A node of a filter: a question about a whole document.</summary>
internal abstract class Predicate
{
    public abstract bool Matches(ReadOnlySpan<byte> document, ref int position);

    /// <summary>Adds what every match is known to satisfy.</summary>
    public virtual void AddBounds(List<FieldBound> bounds) { }

    /// <summary>Adds the fields that every match is known to have, with their values.</summary>
    public virtual void AddEqualities(List<(FieldPath Path, StoredValue Value)> equalities) { }

    public abstract FieldUse Uses { get; }
}
