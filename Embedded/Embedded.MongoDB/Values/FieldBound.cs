namespace Embedded.MongoDB.Values;

/// <summary>What one condition says about the values of a path: one of a few, or within a range. Both ends of a range are of one class.</summary>
/// <remarks>
/// Every match of the filter has some value (an array: some element) within the bound; the reverse need not hold, so
/// the filter is always asked again. Null stands for missing too. Two bounds on one path may be met by different
/// elements of an array: an index that holds arrays uses one of them.
/// </remarks>
/// <param name="Path">The dotted path.</param>
/// <param name="Equal">The values, at least one; or null for a range.</param>
/// <param name="Lower">The lower end of a range, or null for none.</param>
/// <param name="LowerInclusive">Whether the lower end itself counts.</param>
/// <param name="Upper">The upper end of a range, or null for none.</param>
/// <param name="UpperInclusive">Whether the upper end itself counts.</param>
internal sealed record FieldBound(
    string Path, IReadOnlyList<StoredValue>? Equal, StoredValue? Lower = null, bool LowerInclusive = false, StoredValue? Upper = null,
    bool UpperInclusive = false);
