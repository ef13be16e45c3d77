using System.Text;

namespace Embedded.MongoDB.Values;

/// <summary>Which fields something reads: what lets a scan leave the others, above all big binaries, where they are.</summary>
internal sealed class FieldUse
{
    private readonly HashSet<string> _paths;
    private readonly (byte[] Root, byte[] Inner)[] _encoded;

    private FieldUse(bool isAll, IEnumerable<string> paths)
    {
        IsAll = isAll;
        _paths = [.. paths];
        var parts = _paths.Select(path => path.Split('.')).ToList();
        Names = parts.Select(part => part[0]).ToHashSet();
        _encoded = [.. parts.Select(part => (Encoding.UTF8.GetBytes(part[0]), Encoding.UTF8.GetBytes(part.ElementAtOrDefault(1) ?? "")))];
    }

    public static FieldUse All { get; } = new(true, []);

    public static FieldUse None { get; } = new(false, []);

    /// <summary>True when every field may be read; <see cref="Names"/> then says nothing.</summary>
    public bool IsAll { get; }

    /// <summary>Top-level fields.</summary>
    public IReadOnlySet<string> Names { get; }

    /// <param name="paths">Top-level fields, or dotted paths into them.</param>
    public static FieldUse Of(IEnumerable<string> paths) => new(false, paths);

    /// <summary>Whether a top-level field is read.</summary>
    /// <param name="name">Of the field.</param>
    /// <param name="inner">Of a field of the document in it: whether that is read, alone or with the whole; empty: whether anything of it is.</param>
    public bool Includes(ReadOnlySpan<byte> name, ReadOnlySpan<byte> inner = default)
    {
        if (IsAll)
        {
            return true;
        }
        foreach (var (root, known) in _encoded)
        {
            if (name.SequenceEqual(root) && (inner.IsEmpty || known.Length == 0 || inner.SequenceEqual(known)))
            {
                return true;
            }
        }
        return false;
    }

    public FieldUse Union(FieldUse other) => IsAll || other.IsAll ? All : new(false, _paths.Concat(other._paths));
}
