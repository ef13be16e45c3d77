using MongoDB.Bson;

namespace Embedded.MongoDB.Values;

/// <summary>A BSON value that owns its bytes: what specifications keep, and what outlives the document it came from.</summary>
internal readonly struct StoredValue(BsonType type, byte[] bytes) : IEquatable<StoredValue>
{
    private readonly byte[]? _bytes = bytes;

    public BsonType Type { get; } = type;

    /// <summary>The value as it stands in a document, after the name.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    public RawValue Raw => new(Type, _bytes);

    public static StoredValue Copy(RawValue value) => new(value.Type, value.Bytes.ToArray());

    public bool Equals(StoredValue other) => ValueOrder.Compare(Raw, other.Raw) == 0;

    public override bool Equals(object? obj) => obj is StoredValue other && Equals(other);

    /// <summary>Equal values of different types have equal hashes only by their class, which is enough for the few that are hashed.</summary>
    public override int GetHashCode() => ValueOrder.ClassOf(Type);

    public static bool operator ==(StoredValue left, StoredValue right) => left.Equals(right);

    public static bool operator !=(StoredValue left, StoredValue right) => !left.Equals(right);
}
