namespace MongoDB.Bson;

/// <summary>A unique id of twelve bytes.</summary>
public class BsonObjectId : BsonValue, IComparable<BsonObjectId>, IEquatable<BsonObjectId>
{
    public BsonObjectId(ObjectId value) => Value = value;

    public override BsonType BsonType => BsonType.ObjectId;

    public ObjectId Value { get; }

    public int CompareTo(BsonObjectId? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonObjectId? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    public override string ToString() => Value.ToString();

    public static implicit operator BsonObjectId(ObjectId value) => new(value);

    public static bool operator ==(BsonObjectId? lhs, BsonObjectId? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonObjectId? lhs, BsonObjectId? rhs) => !(lhs == rhs);
}
