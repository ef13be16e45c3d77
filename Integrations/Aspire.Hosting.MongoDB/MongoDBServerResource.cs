namespace Aspire.Hosting.ApplicationModel;

/// <summary>A MongoDB server.</summary>
/// <param name="name">The resource's name, and the name of its connection string.</param>
/// <param name="userNameParameter">The user; null: <c>admin</c>.</param>
/// <param name="passwordParameter">The password; null: the server asks for none.</param>
public class MongoDBServerResource(string name, ParameterResource? userNameParameter, ParameterResource? passwordParameter)
    : ContainerResource(name), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";
    private const string DefaultUserName = "admin";
    private const string DefaultAuthenticationDatabase = "admin";
    private const string DefaultAuthenticationMechanism = "SCRAM-SHA-256";

    private readonly Dictionary<string, string> _databases = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Without credentials.</summary>
    public MongoDBServerResource(string name) : this(name, null, null)
    {
    }

    /// <summary>For clients.</summary>
    public EndpointReference PrimaryEndpoint => field ??= new(this, PrimaryEndpointName);

    /// <summary>The host of <see cref="PrimaryEndpoint"/>.</summary>
    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    /// <summary>The port of <see cref="PrimaryEndpoint"/>.</summary>
    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>The user; null: <c>admin</c>.</summary>
    public ParameterResource? UserNameParameter { get; } = userNameParameter;

    /// <summary>The password; null: the server asks for none.</summary>
    public ParameterResource? PasswordParameter { get; } = passwordParameter;

    /// <summary>The user's name, whoever gave it.</summary>
    public ReferenceExpression UserNameReference => UserNameParameter is null
        ? ReferenceExpression.Create($"{DefaultUserName}")
        : ReferenceExpression.Create($"{UserNameParameter}");

    /// <summary>The server's URI, <c>mongodb://…</c>.</summary>
    public ReferenceExpression ConnectionStringExpression => BuildConnectionString(databaseName: null);

    /// <summary>The server's URI, <c>mongodb://…</c>.</summary>
    public ReferenceExpression UriExpression => ConnectionStringExpression;

    /// <summary>Names of database resources, and what the server calls each.</summary>
    public IReadOnlyDictionary<string, string> Databases => _databases;

    internal void AddDatabase(string name, string databaseName) => _databases.TryAdd(name, databaseName);

    internal ReferenceExpression BuildConnectionString(string? databaseName)
    {
        var uri = new ReferenceExpressionBuilder();
        uri.AppendLiteral("mongodb://");
        if (PasswordParameter is not null)
        {
            if (UserNameParameter is null)
            {
                uri.Append($"{DefaultUserName:uri}:{PasswordParameter:uri}@");
            }
            else
            {
                uri.Append($"{UserNameParameter:uri}:{PasswordParameter:uri}@");
            }
        }

        uri.Append($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");
        if (databaseName is not null)
        {
            uri.Append($"/{databaseName:uri}");
        }

        if (PasswordParameter is not null)
        {
            if (databaseName is null)
            {
                uri.AppendLiteral("/");
            }

            uri.Append($"?authSource={DefaultAuthenticationDatabase}&authMechanism={DefaultAuthenticationMechanism}");
        }

        return uri.Build();
    }

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        yield return new("Host", ReferenceExpression.Create($"{Host}"));
        yield return new("Port", ReferenceExpression.Create($"{Port}"));
        yield return new("Username", UserNameReference);
        if (PasswordParameter is not null)
        {
            yield return new("Password", ReferenceExpression.Create($"{PasswordParameter}"));
            yield return new("AuthenticationDatabase", ReferenceExpression.Create($"{DefaultAuthenticationDatabase}"));
            yield return new("AuthenticationMechanism", ReferenceExpression.Create($"{DefaultAuthenticationMechanism}"));
        }

        yield return new("Uri", UriExpression);
    }
}
