namespace MongoDB.Driver;

/// <summary>
/// A connection string taken apart: <c>mongodb://[user:password@]host[:port][,…][/database][?options]</c>. Names of options do not
/// depend on case; unknown ones are ignored, wrong values are errors.
/// </summary>
public class MongoUrl : IEquatable<MongoUrl>
{
    private readonly MongoUrlParts _parts;

    /// <exception cref="MongoConfigurationException">No connection string, or an option with a wrong value.</exception>
    public MongoUrl(string url)
    {
        Url = url ?? throw new ArgumentNullException(nameof(url));
        _parts = MongoUrlParser.Parse(url);
    }

    public string? ApplicationName => _parts.Text("appName");

    public string? AuthenticationMechanism => _parts.Text("authMechanism");

    /// <summary>The database that knows the user; if it is not given the one of the path, or <c>admin</c>.</summary>
    public string? AuthenticationSource => _parts.Text("authSource");

    public TimeSpan ConnectTimeout => _parts.Milliseconds("connectTimeoutMS") ?? TimeSpan.FromSeconds(30);

    /// <summary>The database of the path, or null.</summary>
    public string? DatabaseName => _parts.DatabaseName;

    internal bool? DirectConnection => _parts.Flag("directConnection");

    public TimeSpan HeartbeatInterval => _parts.Milliseconds("heartbeatFrequencyMS") ?? TimeSpan.FromSeconds(10);

    public TimeSpan MaxConnectionIdleTime => _parts.Milliseconds("maxIdleTimeMS") ?? TimeSpan.FromMinutes(10);

    public TimeSpan MaxConnectionLifeTime => _parts.Milliseconds("maxLifeTimeMS") ?? TimeSpan.FromMinutes(30);

    public int MaxConnectionPoolSize => _parts.Count("maxPoolSize") ?? 100;

    public int MaxConnecting => _parts.Count("maxConnecting") ?? 2;

    public string? Password => _parts.Password;

    internal ReadConcern ReadConcern => _parts.Text("readConcernLevel") is { } level ? ReadConcern.FromOption(level) : ReadConcern.Default;

    public ReadPreference? ReadPreference => _parts.Text("readPreference") is { } mode ? ReadPreference.FromOption(mode) : null;

    public string? ReplicaSetName => _parts.Text("replicaSet");

    /// <summary>The first server.</summary>
    public MongoServerAddress Server => _parts.Servers[0];

    public IEnumerable<MongoServerAddress> Servers => _parts.Servers;

    public TimeSpan ServerSelectionTimeout => _parts.Milliseconds("serverSelectionTimeoutMS") ?? TimeSpan.FromSeconds(30);

    /// <summary>Zero means none.</summary>
    public TimeSpan SocketTimeout => _parts.Milliseconds("socketTimeoutMS") ?? TimeSpan.Zero;

    public string Url { get; }

    public string? Username => _parts.Username;

    public bool UseTls => _parts.Flag("tls") ?? _parts.Flag("ssl") ?? false;

    /// <summary>True skips every check of the server's certificate.</summary>
    public bool AllowInsecureTls => _parts.Flag("tlsInsecure") ?? false;

    public TimeSpan WaitQueueTimeout => _parts.Milliseconds("waitQueueTimeoutMS") ?? TimeSpan.FromMinutes(2);

    public static MongoUrl Create(string url) => new(url);

    public bool Equals(MongoUrl? obj) => obj?.Url == Url;

    public override bool Equals(object? obj) => Equals(obj as MongoUrl);

    public override int GetHashCode() => Url.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Url;

    internal WriteConcern WriteConcern => WriteConcern.FromOptions(_parts.Text("w"), _parts.Milliseconds("wtimeoutMS"), _parts.Flag("journal"));
}
