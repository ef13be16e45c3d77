namespace MongoDB.Bson;

/// <summary>Code and the variables it sees.</summary>
public class BsonJavaScriptWithScope : BsonJavaScript, IComparable<BsonJavaScriptWithScope>, IEquatable<BsonJavaScriptWithScope>
{
    public BsonJavaScriptWithScope(string code, BsonDocument scope) : base(code) => Scope = scope ?? throw new ArgumentNullException(nameof(scope));

    public override BsonType BsonType => BsonType.JavaScriptWithScope;

    public BsonDocument Scope { get; }

    public override BsonValue Clone() => new BsonJavaScriptWithScope(Code, (BsonDocument)Scope.Clone());

    public override BsonValue DeepClone() => new BsonJavaScriptWithScope(Code, (BsonDocument)Scope.DeepClone());

    public int CompareTo(BsonJavaScriptWithScope? other) => CompareTo((BsonValue?)other);

    public bool Equals(BsonJavaScriptWithScope? obj) => Equals((BsonValue?)obj);

    public override bool Equals(object? obj) => base.Equals(obj);

    public override int GetHashCode() => HashCode.Combine(Code, Scope);

    public override string ToString() => $"new BsonJavaScriptWithScope(\"{Code}\", {Scope})";

    public static bool operator ==(BsonJavaScriptWithScope? lhs, BsonJavaScriptWithScope? rhs) => (BsonValue?)lhs == (BsonValue?)rhs;

    public static bool operator !=(BsonJavaScriptWithScope? lhs, BsonJavaScriptWithScope? rhs) => !(lhs == rhs);
}
