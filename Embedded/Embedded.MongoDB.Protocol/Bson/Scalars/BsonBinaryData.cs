namespace MongoDB.Bson;

/// <summary>Bytes and what they are. The bytes are not copied.</summary>
public class BsonBinaryData : BsonValue, IComparable<BsonBinaryData>, IEquatable<BsonBinaryData>
{
    public BsonBinaryData(byte[] bytes) : this(bytes, BsonBinarySubType.Binary) { }

    public BsonBinaryData(byte[] bytes, BsonBinarySubType subType)
    {
        Bytes = bytes ?? throw new ArgumentNullException(nameof(bytes));
        SubType = subType;
        if (subType is BsonBinarySubType.UuidStandard or BsonBinarySubType.UuidLegacy && bytes.Length != 16)
            throw new ArgumentException($"A UUID has 16 bytes, not {bytes.Length}.", nameof(bytes));
    }

    public BsonBinaryData(Guid guid, GuidRepresentation guidRepresentation)
        : this(UuidBytes.From(guid, guidRepresentation), UuidBytes.SubTypeOf(guidRepresentation)) { }

    /// <summary>Data that was read: nothing of it is refused.</summary>
    internal BsonBinaryData(BsonBinarySubType subType, byte[] bytes) => (SubType, Bytes) = (subType, bytes);

    public override BsonType BsonType => BsonType.Binary;

    public byte[] Bytes { get; }

    public BsonBinarySubType SubType { get; }

    public int CompareTo(BsonBinaryData? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonBinaryData? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    /// <summary>The UUID of subtype 4.</summary>
    /// <exception cref="InvalidOperationException">Another subtype; of subtype 3 the byte order must be given.</exception>
    public Guid ToGuid() => SubType == BsonBinarySubType.UuidStandard
        ? ToGuid(GuidRepresentation.Standard)
        : throw new InvalidOperationException("ToGuid without a representation needs UuidStandard, subtype 4.");

    /// <exception cref="InvalidOperationException">The subtype is not the one of that representation.</exception>
    public Guid ToGuid(GuidRepresentation guidRepresentation) => SubType == UuidBytes.SubTypeOf(guidRepresentation) && Bytes.Length == 16
        ? UuidBytes.ToGuid(Bytes, guidRepresentation)
        : throw new InvalidOperationException($"Binary data of subtype {SubType} is no UUID of representation {guidRepresentation}.");

    public override string ToString() => $"{SubType}:0x{Convert.ToHexStringLower(Bytes)}";

    public static implicit operator BsonBinaryData(byte[] bytes) => new(bytes);

    public static bool operator ==(BsonBinaryData? lhs, BsonBinaryData? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonBinaryData? lhs, BsonBinaryData? rhs) => !(lhs == rhs);
}
