namespace Aspire.Hosting.ApplicationModel;

/// <summary>A database of a MongoDB server; it comes into being when something is written to it.</summary>
/// <param name="name">The resource's name, and the name of its connection string.</param>
/// <param name="databaseName">What the server calls it.</param>
/// <param name="parent">The server.</param>
public class MongoDBDatabaseResource(string name, string databaseName, MongoDBServerResource parent)
    : Resource(name), IResourceWithParent<MongoDBServerResource>, IResourceWithConnectionString
{
    /// <summary>The server.</summary>
    public MongoDBServerResource Parent { get; } = parent ?? throw new ArgumentNullException(nameof(parent));

    /// <summary>What the server calls it.</summary>
    public string DatabaseName { get; } = databaseName ?? throw new ArgumentNullException(nameof(databaseName));

    /// <summary>The server's URI with the database in it.</summary>
    public ReferenceExpression ConnectionStringExpression => Parent.BuildConnectionString(DatabaseName);

    /// <summary>The server's URI with the database in it.</summary>
    public ReferenceExpression UriExpression => ConnectionStringExpression;

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        Parent.CombineProperties([new("Uri", UriExpression), new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}"))]);
}
