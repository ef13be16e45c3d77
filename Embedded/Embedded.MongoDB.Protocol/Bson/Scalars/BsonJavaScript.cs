namespace MongoDB.Bson;

/// <summary>Code, which nothing here runs.</summary>
public class BsonJavaScript : BsonValue, IComparable<BsonJavaScript>, IEquatable<BsonJavaScript>
{
    public BsonJavaScript(string code) => Code = code ?? throw new ArgumentNullException(nameof(code));

    public override BsonType BsonType => BsonType.JavaScript;

    public string Code { get; }

    public int CompareTo(BsonJavaScript? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonJavaScript? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => Code.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"new BsonJavaScript(\"{Code}\")";

    public static bool operator ==(BsonJavaScript? lhs, BsonJavaScript? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonJavaScript? lhs, BsonJavaScript? rhs) => !(lhs == rhs);
}
