using System.Diagnostics.CodeAnalysis;

namespace MongoDB.Bson;

/// <summary>A name and a value: one field of a document.</summary>
[SuppressMessage("Design", "CA1036", Justification = "The public type has no relational operators.")]
public struct BsonElement : IComparable<BsonElement>, IEquatable<BsonElement>
{
    private readonly string _name;
    private readonly BsonValue _value;

    /// <exception cref="ArgumentNullException">Either is null; a field without a value holds <see cref="BsonNull.Value"/>.</exception>
    public BsonElement(string name, BsonValue value)
    {
        _name = name ?? throw new ArgumentNullException(nameof(name));
        _value = value ?? throw new ArgumentNullException(nameof(value));
        if (name.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A name cannot hold a zero character.", nameof(name));
    }

    /// <summary>The name.</summary>
    public readonly string Name => _name;

    /// <summary>The value.</summary>
    public readonly BsonValue Value => _value;

    public readonly BsonElement Clone() => new(_name, _value.Clone());

    public readonly BsonElement DeepClone() => new(_name, _value.DeepClone());

    public readonly int CompareTo(BsonElement other)
    {
        var order = string.CompareOrdinal(_name, other._name);
        return order != 0 ? order : _value.CompareTo(other._value);
    }

    public readonly bool Equals(BsonElement rhs) => _name == rhs._name && _value.Equals(rhs._value);

    public override readonly bool Equals(object? obj) => obj is BsonElement other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(_name, _value);

    public override readonly string ToString() => $"{_name}={_value}";

    public static bool operator ==(BsonElement lhs, BsonElement rhs) => lhs.Equals(rhs);

    public static bool operator !=(BsonElement lhs, BsonElement rhs) => !lhs.Equals(rhs);
}
