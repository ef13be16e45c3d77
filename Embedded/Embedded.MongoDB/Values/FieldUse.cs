using System.Text;

namespace Embedded.MongoDB.Values;

/// <summary>Which top-level fields something reads: what lets a scan leave the others, above all big binaries, where they are.</summary>
internal sealed class FieldUse
{
    private readonly HashSet<string> _names;
    private readonly byte[][] _encoded;

    private FieldUse(bool isAll, IEnumerable<string> names)
    {
        IsAll = isAll;
        _names = [.. names];
        _encoded = [.. _names.Select(Encoding.UTF8.GetBytes)];
    }

    public static FieldUse All { get; } = new(true, []);

    public static FieldUse None { get; } = new(false, []);

    /// <summary>True when every field may be read; <see cref="Names"/> then says nothing.</summary>
    public bool IsAll { get; }

    public IReadOnlySet<string> Names => _names;

    public static FieldUse Of(IEnumerable<string> names) => new(false, names);

    public bool Includes(ReadOnlySpan<byte> name)
    {
        if (IsAll)
        {
            return true;
        }
        foreach (var known in _encoded)
        {
            if (name.SequenceEqual(known))
            {
                return true;
            }
        }
        return false;
    }

    public FieldUse Union(FieldUse other) => IsAll || other.IsAll ? All : new(false, _names.Concat(other._names));
}
