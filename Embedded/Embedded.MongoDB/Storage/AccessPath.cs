namespace Embedded.MongoDB.Storage;

/// <summary>How the rows that may match are found. Every row found is still asked whether it matches.</summary>
internal abstract record AccessPath
{
    /// <summary>Rows come in the order that was asked for.</summary>
    public bool IsSorted { get; init; }

    /// <summary>Every row, in the order of insertion or against it.</summary>
    public sealed record TableScan(bool IsBackward = false) : AccessPath;

    /// <summary>The rows of these <c>_id</c> keys.</summary>
    public sealed record IdKeys(IReadOnlyList<byte[]> Keys) : AccessPath;

    /// <summary>Ranges of an index, which do not overlap, in the order of the index.</summary>
    public sealed record IndexRanges(CollectionIndex Index, IReadOnlyList<KeyRange> Ranges, bool IsBackward = false) : AccessPath;

    /// <summary>These rows, in this order: the result of a sort.</summary>
    public sealed record Rows(IReadOnlyList<long> Numbers) : AccessPath;
}

/// <summary>Keys from one (inclusive) to another (exclusive).</summary>
internal readonly record struct KeyRange(byte[] From, byte[] To)
{
    /// <summary>Above every key: the class bytes end at F8.</summary>
    private static readonly byte[] End = [0xff, 0xff];

    /// <summary>Below every key. Not empty: SQLite would take an empty blob for null.</summary>
    private static readonly byte[] Start = [0];

    public static KeyRange Everything { get; } = new(Start, End);

    /// <summary>All keys that begin with <paramref name="prefix"/>.</summary>
    public static KeyRange Of(byte[] prefix) => prefix.Length == 0 ? Everything : new(prefix, After(prefix));

    /// <summary>The first key after all that begin with <paramref name="prefix"/>.</summary>
    public static byte[] After(ReadOnlySpan<byte> prefix)
    {
        var length = prefix.Length;
        while (length > 0 && prefix[length - 1] == 0xff)
        {
            length--;
        }

        if (length == 0)
        {
            return End;
        }

        var next = prefix[..length].ToArray();
        next[^1]++;
        return next;
    }
}
