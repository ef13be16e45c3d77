namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// A MongoDB server: a container in the Aspire stack, the program Embedded.MongoDB in the embedded one. The embedded server
/// listens on this machine only and asks for no credentials, so its connection string carries none; the published one does.
/// </summary>
public class MongoDBServerResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";
    private const string DefaultUserName = "admin";
    private const string AuthenticationDatabase = "admin";
    private const string AuthenticationMechanism = "SCRAM-SHA-256";
    private readonly Dictionary<string, string> _databases = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>With credentials.</summary>
    public MongoDBServerResource(string name, ParameterResource? userNameParameter, ParameterResource? passwordParameter) : this(name)
    {
        UserNameParameter = userNameParameter;
        PasswordParameter = passwordParameter;
    }

    /// <summary>For clients.</summary>
    public EndpointReference PrimaryEndpoint => field ??= new(this, PrimaryEndpointName);

    /// <summary>The host of the primary endpoint.</summary>
    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    /// <summary>The port of the primary endpoint.</summary>
    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>The user, where the server asks for one.</summary>
    public ParameterResource? UserNameParameter { get; }

    /// <summary>The password, where the server asks for one.</summary>
    public ParameterResource? PasswordParameter { get; }

    /// <summary>The URI of the server.</summary>
    public ReferenceExpression ConnectionStringExpression => Uri(databaseName: null);

    /// <summary>The URI of the server.</summary>
    public ReferenceExpression UriExpression => ConnectionStringExpression;

    /// <summary>Resource name → database name.</summary>
    public IReadOnlyDictionary<string, string> Databases => _databases;

    internal void AddDatabase(string resourceName, string databaseName) => _databases.Add(resourceName, databaseName);

    /// <summary>Whether the server knows the user and the password: the container does, the embedded server asks for none.</summary>
    internal bool AsksForCredentials { get; init; }

    /// <summary>The name of the user: the parameter's, or the one that the container is given.</summary>
    internal ReferenceExpression UserNameReference => UserNameParameter is null
        ? ReferenceExpression.Create($"{DefaultUserName}")
        : ReferenceExpression.Create($"{UserNameParameter}");

    internal ReferenceExpression Uri(string? databaseName)
    {
        var uri = new ReferenceExpressionBuilder();
        uri.AppendLiteral("mongodb://");
        if (Password is { } password)
        {
            if (UserNameParameter is null) uri.AppendLiteral(DefaultUserName);
            else uri.AppendFormatted(UserNameParameter, "uri");
            uri.AppendLiteral(":");
            uri.AppendFormatted(password, "uri");
            uri.AppendLiteral("@");
        }
        uri.AppendFormatted(PrimaryEndpoint.Property(EndpointProperty.HostAndPort));
        if (databaseName is not null || Password is not null) uri.AppendLiteral($"/{databaseName}");
        if (Password is not null) uri.AppendLiteral($"?authSource={AuthenticationDatabase}&authMechanism={AuthenticationMechanism}");
        return uri.Build();
    }

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() => Properties(UriExpression);

    internal IEnumerable<KeyValuePair<string, ReferenceExpression>> Properties(ReferenceExpression uri)
    {
        yield return new("Host", ReferenceExpression.Create($"{Host}"));
        yield return new("Port", ReferenceExpression.Create($"{Port}"));
        if (Password is { } password)
        {
            yield return new("Username", UserNameReference);
            yield return new("Password", ReferenceExpression.Create($"{password}"));
            yield return new("AuthenticationDatabase", ReferenceExpression.Create($"{AuthenticationDatabase}"));
            yield return new("AuthenticationMechanism", ReferenceExpression.Create($"{AuthenticationMechanism}"));
        }
        yield return new("Uri", uri);
    }

    private ParameterResource? Password => AsksForCredentials ? PasswordParameter : null;
}

/// <summary>A database of a MongoDB server; it comes into being when something is written to it.</summary>
public class MongoDBDatabaseResource(string name, string databaseName, MongoDBServerResource parent)
    : Resource(name), IResourceWithParent<MongoDBServerResource>, IResourceWithConnectionString
{
    /// <inheritdoc/>
    public MongoDBServerResource Parent { get; } = parent;

    /// <summary>What the server calls it.</summary>
    public string DatabaseName { get; } = databaseName;

    /// <summary>The URI of the server with the database in it.</summary>
    public ReferenceExpression ConnectionStringExpression => Parent.Uri(DatabaseName);

    /// <summary>The URI of the server with the database in it.</summary>
    public ReferenceExpression UriExpression => ConnectionStringExpression;

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        Parent.Properties(UriExpression).Append(new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}")));
}
