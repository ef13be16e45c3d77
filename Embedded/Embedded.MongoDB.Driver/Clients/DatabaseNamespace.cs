namespace MongoDB.Driver;

/// <summary>The name of a database.</summary>
public sealed class DatabaseNamespace(string databaseName) : IEquatable<DatabaseNamespace>
{
    public static DatabaseNamespace Admin { get; } = new("admin");

    public string DatabaseName { get; } = !string.IsNullOrEmpty(databaseName) && databaseName.AsSpan().IndexOfAny("\0. ") < 0
        ? databaseName
        : throw new ArgumentException($"'{databaseName}' is no name of a database.", nameof(databaseName));

    public bool Equals(DatabaseNamespace? other) => other?.DatabaseName == DatabaseName;

    public override bool Equals(object? obj) => Equals(obj as DatabaseNamespace);

    public override int GetHashCode() => DatabaseName.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => DatabaseName;
}
