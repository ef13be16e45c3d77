using System.Collections;

namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>A list of keys with their values, in the order they came in; it never changes.</summary>
public sealed class Attributes(KeyValuePair<string, AttributeValue>[] items) : IReadOnlyList<KeyValuePair<string, AttributeValue>>, IEquatable<Attributes>
{
    public static readonly Attributes None = new([]);

    private readonly KeyValuePair<string, AttributeValue>[] _items = items;

    public int Count => _items.Length;

    public KeyValuePair<string, AttributeValue> this[int index] => _items[index];

    /// <summary>The value of that key; <see cref="AttributeValue.Empty"/> where there is none.</summary>
    public AttributeValue this[string key]
    {
        get
        {
            foreach (var (itemKey, value) in _items)
            {
                if (itemKey == key) return value;
            }
            return AttributeValue.Empty;
        }
    }

    public int EstimatedBytes
    {
        get
        {
            // Keys are shared between spans, values mostly are not.
            var bytes = 48 + (24 * _items.Length);
            foreach (var (_, value) in _items) bytes += value.EstimatedBytes;
            return bytes;
        }
    }

    public static Attributes Of(params KeyValuePair<string, AttributeValue>[] items) => items.Length == 0 ? None : new(items);

    public static Attributes Of(params (string Key, AttributeValue Value)[] items) =>
        items.Length == 0 ? None : new(Array.ConvertAll(items, item => KeyValuePair.Create(item.Key, item.Value)));

    /// <summary>The same, ordered by key: two sets of dimensions are equal when these are.</summary>
    public Attributes Sorted()
    {
        for (var index = 1; index < _items.Length; index++)
        {
            if (string.CompareOrdinal(_items[index - 1].Key, _items[index].Key) > 0)
            {
                return new([.. _items.OrderBy(item => item.Key, StringComparer.Ordinal)]);
            }
        }
        return this;
    }

    public ReadOnlySpan<KeyValuePair<string, AttributeValue>> AsSpan() => _items;

    public bool Equals(Attributes? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || other._items.Length != _items.Length) return false;
        for (var index = 0; index < _items.Length; index++)
        {
            if (_items[index].Key != other._items[index].Key || _items[index].Value != other._items[index].Value) return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Attributes);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var (key, value) in _items)
        {
            hash.Add(key);
            hash.Add(value);
        }
        return hash.ToHashCode();
    }

    public IEnumerator<KeyValuePair<string, AttributeValue>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, AttributeValue>>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}
