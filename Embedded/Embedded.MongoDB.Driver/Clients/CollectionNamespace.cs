namespace MongoDB.Driver;

/// <summary>The name of a collection and of its database: <c>shop.orders</c>.</summary>
public sealed class CollectionNamespace(DatabaseNamespace databaseNamespace, string collectionName) : IEquatable<CollectionNamespace>
{
    public string CollectionName { get; } = !string.IsNullOrEmpty(collectionName) && !collectionName.Contains('\0', StringComparison.Ordinal)
        ? collectionName
        : throw new ArgumentException($"'{collectionName}' is no name of a collection.", nameof(collectionName));

    public DatabaseNamespace DatabaseNamespace { get; } = databaseNamespace ?? throw new ArgumentNullException(nameof(databaseNamespace));

    public string FullName => $"{DatabaseNamespace.DatabaseName}.{CollectionName}";

    public bool Equals(CollectionNamespace? other) => other?.FullName == FullName;

    public override bool Equals(object? obj) => Equals(obj as CollectionNamespace);

    public override int GetHashCode() => FullName.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => FullName;
}
