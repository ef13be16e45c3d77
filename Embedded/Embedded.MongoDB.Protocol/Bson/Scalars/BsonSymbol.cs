namespace MongoDB.Bson;

/// <summary>Deprecated text of a type of its own; sorts with strings. Only read, never made.</summary>
public class BsonSymbol : BsonValue, IComparable<BsonSymbol>, IEquatable<BsonSymbol>
{
    internal BsonSymbol(string name) => Name = name;

    public override BsonType BsonType => BsonType.Symbol;

    public string Name { get; }

    public int CompareTo(BsonSymbol? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonSymbol? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => base.GetHashCode();

    public override string ToString() => Name;

    public static bool operator ==(BsonSymbol? lhs, BsonSymbol? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonSymbol? lhs, BsonSymbol? rhs) => !(lhs == rhs);
}
