using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Embedded.MongoDB.Values;

/// <summary>
/// Something for each distinct value, by the total order's equality: 1, 1.0 and NumberLong(1) are one. A value is looked
/// up by its canonical key without being copied; only a new one costs memory.
/// </summary>
internal sealed class KeyTable<T>
{
    private readonly Dictionary<byte[], T> _byKey = new(KeyBytesComparer.Instance);
    private readonly Dictionary<byte[], T>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly BsonBuffer _key = new();

    public KeyTable() => _lookup = _byKey.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count => _byKey.Count;

    /// <summary>Where the value's entry is, made if it was not there.</summary>
    public ref T? Entry(RawValue value, out bool existed)
    {
        Encode(value);
        return ref CollectionsMarshal.GetValueRefOrAddDefault(_lookup, _key.Written, out existed);
    }

    public bool TryGet(RawValue value, [MaybeNullWhen(false)] out T found)
    {
        Encode(value);
        return _lookup.TryGetValue(_key.Written, out found);
    }

    private void Encode(RawValue value)
    {
        _key.Clear();
        KeyEncoding.Encode(value, _key);
    }
}

/// <summary>The distinct values seen so far.</summary>
internal sealed class ValueSet
{
    private readonly KeyTable<bool> _seen = new();

    /// <returns>False when an equal value was there already.</returns>
    public bool Add(RawValue value)
    {
        _seen.Entry(value, out var existed);
        return !existed;
    }
}

/// <summary>Keys by their bytes, also those that are not in an array yet.</summary>
internal sealed class KeyBytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static KeyBytesComparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        // HashCode is seeded per process, so nobody can prepare values that all collide.
        var hash = default(HashCode);
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }
}
