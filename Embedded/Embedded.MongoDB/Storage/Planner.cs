using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// Chooses how to find rows; small on purpose. The primary key first; then the index with the most equalities, then a
/// range, then the wanted order; else the table. A wrong choice costs time and never a row: the filter is always asked again.
/// </summary>
internal static class Planner
{
    /// <summary>Lists of values multiply over the fields of an index; above this product the rest of the fields is left to the filter.</summary>
    private const int MaxRangeCount = 1000;

    /// <param name="collection">Whose rows.</param>
    /// <param name="filter">What they must match.</param>
    /// <param name="sort">The wanted order, null for any.</param>
    /// <param name="isLimited">Only the first few are wanted, so an index may be worth its detours for its order alone.</param>
    /// <param name="hint">What the client insists on; missing for nothing.</param>
    /// <exception cref="CommandException">2: the hint names no index.</exception>
    public static AccessPath Choose(Collection collection, Filter filter, Sort? sort = null, bool isLimited = false, RawValue hint = default)
    {
        if (!hint.IsNullish)
        {
            return FollowHint(collection, filter, sort, hint);
        }

        if (FindIds(filter) is { } keys)
        {
            return new AccessPath.IdKeys(keys) { IsSorted = sort is null || (keys.Count <= 1 && sort.Natural == 0) };
        }

        if (sort is { Natural: not 0 })
        {
            return new AccessPath.TableScan(IsBackward: sort.Natural < 0) { IsSorted = true };
        }

        Candidate? best = null;
        foreach (var index in collection.Indexes)
        {
            if (index.Partial is null && Consider(index, filter, sort, isLimited) is { } candidate
                && (best is null || candidate.Rank.CompareTo(best.Rank) > 0))
            {
                best = candidate;
            }
        }

        return best is null ? new AccessPath.TableScan { IsSorted = sort is null } : best.Path;
    }

    private sealed record Candidate(AccessPath.IndexRanges Path, (int Equalities, bool HasRange, bool IsSorted, int FewestFields) Rank);

    private static AccessPath FollowHint(Collection collection, Filter filter, Sort? sort, RawValue hint)
    {
        if (hint.IsDocument && hint.Field("$natural"u8) is { IsNumber: true } natural)
        {
            return new AccessPath.TableScan(Number.From(natural).ToDouble() < 0) { IsSorted = sort is null };
        }

        if ((hint.IsString && hint.Utf8.SequenceEqual("_id_"u8)) || (hint.IsDocument && hint.Bytes.SequenceEqual(CollectionWriter.IdPattern)))
        {
            return FindIds(filter) is { } keys
                ? new AccessPath.IdKeys(keys) { IsSorted = sort is null }
                : new AccessPath.TableScan { IsSorted = sort is null };
        }

        foreach (var index in collection.Indexes)
        {
            var isIt = hint.IsString ? hint.Text == index.Name : hint.IsDocument && ValueOrder.Equal(hint, RawValue.Document(index.Key));
            if (isIt)
            {
                return (Consider(index, filter, sort, isLimited: true, isWanted: true) ?? Whole(index)).Path;
            }
        }

        throw new CommandException(ErrorCode.BadValue, "error processing query: hint provided does not correspond to an existing index");
    }

    /// <summary>The keys of an equality or a list on <c>_id</c>, each once; null where the filter has none.</summary>
    private static List<byte[]>? FindIds(Filter filter)
    {
        foreach (var bound in filter.Bounds)
        {
            if (bound.Path != "_id" || bound.Equal is not { } values
                || values.Any(static value => value.Type is BsonType.Array or BsonType.RegularExpression))
            {
                continue;
            }

            var keys = values.Select(static value => KeyEncoding.Encode(value.Raw)).ToList();
            keys.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
            for (var i = keys.Count - 1; i > 0; i--)
            {
                if (keys[i].AsSpan().SequenceEqual(keys[i - 1]))
                {
                    keys.RemoveAt(i);
                }
            }

            return keys;
        }

        return null;
    }

    private static Candidate Whole(CollectionIndex index) => new(new(index, [KeyRange.Everything]), default);

    private static Candidate? Consider(CollectionIndex index, Filter filter, Sort? sort, bool isLimited, bool isWanted = false)
    {
        var prefixes = new List<byte[]> { Array.Empty<byte>() };
        var equalities = 0;
        foreach (var field in index.Fields)
        {
            if (FindEqual(index, field, filter) is not { } components || prefixes.Count * components.Count > MaxRangeCount)
            {
                break;
            }

            prefixes = [.. from prefix in prefixes from component in components select (byte[])[.. prefix, .. component]];
            equalities++;
        }

        var isSingle = prefixes.Count == 1;
        var range = equalities < index.Fields.Length ? FindRange(index, index.Fields[equalities], filter) : null;
        var direction = sort is null || index.IsMultikey || index.IsSparse || !isSingle ? 0 : Direction(index, equalities, sort);
        var isSorted = sort is null || direction != 0;
        if (equalities == 0 && range is null && !isWanted && !(isLimited && direction != 0))
        {
            return null;
        }

        var ranges = new List<KeyRange>(prefixes.Count);
        foreach (var prefix in prefixes)
        {
            ranges.Add(range is { } ends ? new([.. prefix, .. ends.From], [.. prefix, .. ends.To]) : KeyRange.Of(prefix));
        }

        if (ranges.Count > 1)
        {
            ranges.Sort(static (left, right) => left.From.AsSpan().SequenceCompareTo(right.From));
        }

        return new(
            new(index, ranges, IsBackward: direction < 0) { IsSorted = isSorted },
            (equalities, range is not null, isSorted, -index.Fields.Length));
    }

    /// <summary>The keys of one field that an equality or a list allows, each once.</summary>
    private static List<byte[]>? FindEqual(CollectionIndex index, IndexField field, Filter filter)
    {
        foreach (var bound in filter.Bounds)
        {
            if (bound.Path != field.Path || bound.Equal is not { Count: <= MaxRangeCount } values || !values.All(value => IsIndexed(index, value)))
            {
                continue;
            }

            var keys = values.Select(value => KeyEncoding.Encode(value.Raw, field.IsDescending)).ToList();
            if (values.Any(static value => value.Raw.IsNullish))
            {
                keys.Add(KeyEncoding.Encode(new RawValue(BsonType.Undefined, default), field.IsDescending));        // what null matches, too
            }

            keys.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
            for (var i = keys.Count - 1; i > 0; i--)
            {
                if (keys[i].AsSpan().SequenceEqual(keys[i - 1]))
                {
                    keys.RemoveAt(i);
                }
            }

            return keys;
        }

        return null;
    }

    /// <summary>What a field's key must lie between. On an index that holds arrays one bound counts, since different elements may meet two.</summary>
    private static KeyRange? FindRange(CollectionIndex index, IndexField field, Filter filter)
    {
        (byte[] Key, bool IsInclusive)? lower = null;
        (byte[] Key, bool IsInclusive)? upper = null;
        byte bracket = 0;
        foreach (var bound in filter.Bounds)
        {
            if (bound.Path != field.Path || bound.Equal is not null || (bound.Lower ?? bound.Upper) is not { } some || !IsIndexed(index, some)
                || some.Type is BsonType.MinKey or BsonType.MaxKey or BsonType.Null)
            {
                continue;
            }

            var keyClass = BracketOf(some);
            if (bracket != 0 && bracket != keyClass)
            {
                continue;
            }

            bracket = keyClass;
            if (lower is null && bound.Lower is { } from)
            {
                lower = (KeyEncoding.Encode(from.Raw), bound.LowerInclusive);
            }

            if (upper is null && bound.Upper is { } to)
            {
                upper = (KeyEncoding.Encode(to.Raw), bound.UpperInclusive);
            }

            if (index.IsMultikey)
            {
                break;
            }
        }

        if (bracket == 0)
        {
            return null;
        }

        var first = lower ?? ([bracket], true);
        var last = upper ?? ([bracket == FalseClass ? TrueClass : bracket], true);
        if (field.IsDescending)
        {
            (first, last) = ((Invert(last.Key), last.IsInclusive), (Invert(first.Key), first.IsInclusive));
        }

        return new(
            first.IsInclusive ? first.Key : KeyRange.After(first.Key),
            last.IsInclusive ? KeyRange.After(last.Key) : last.Key);
    }

    private const byte FalseClass = 0x50;
    private const byte TrueClass = 0x51;

    /// <summary>The first byte of the keys of a value's class: false and true have one each and belong together.</summary>
    private static byte BracketOf(StoredValue value)
    {
        var first = KeyEncoding.Encode(value.Raw)[0];
        return first == TrueClass ? FalseClass : first;
    }

    /// <summary>Arrays stand in an index by their elements, so a whole array is not found there; nor is what a sparse index leaves out.</summary>
    private static bool IsIndexed(CollectionIndex index, StoredValue value) => value.Type switch
    {
        BsonType.Array or BsonType.RegularExpression or BsonType.Undefined => false,
        BsonType.Null or BsonType.EndOfDocument => !index.IsSparse,
        _ => true,
    };

    /// <summary>1 or −1: the index, read upwards or downwards, gives the wanted order after so many fixed fields; else 0.</summary>
    private static int Direction(CollectionIndex index, int fixedFields, Sort sort)
    {
        if (sort.Natural != 0 || sort.Fields.Count == 0 || sort.Fields.Count > index.Fields.Length - fixedFields)
        {
            return 0;
        }

        var direction = 0;
        for (var i = 0; i < sort.Fields.Count; i++)
        {
            var (path, isDescending) = sort.Fields[i];
            var field = index.Fields[fixedFields + i];
            var here = isDescending == field.IsDescending ? 1 : -1;
            if (path.Text != field.Path || (direction != 0 && direction != here))
            {
                return 0;
            }

            direction = here;
        }

        return direction;
    }

    private static byte[] Invert(byte[] key) => Array.ConvertAll(key, static value => (byte)~value);
}
