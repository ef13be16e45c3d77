namespace MongoDB.Driver;

/// <summary>What a client needs to know. Set before the client is made, not after.</summary>
public class MongoClientSettings
{
    /// <summary>True skips every check of the server's certificate.</summary>
    public bool AllowInsecureTls { get; set; }

    /// <summary>What the server's log calls this program.</summary>
    public string? ApplicationName { get; set; }

    /// <summary>30 s unless set.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public MongoCredential? Credential { get; set; }

    internal bool? DirectConnection { get; set; }

    /// <summary>How often the monitor asks the server; 10 s unless set.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections are made at the same time; 2 unless set.</summary>
    public int MaxConnecting { get; set; } = 2;

    /// <summary>10 minutes unless set.</summary>
    public TimeSpan MaxConnectionIdleTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>30 minutes unless set.</summary>
    public TimeSpan MaxConnectionLifeTime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>100 unless set.</summary>
    public int MaxConnectionPoolSize { get; set; } = 100;

    public ReadConcern ReadConcern { get; set; } = ReadConcern.Default;

    public ReadPreference ReadPreference { get; set; } = ReadPreference.Primary;

    public string? ReplicaSetName { get; set; }

    /// <summary>The first server.</summary>
    public MongoServerAddress Server
    {
        get => Servers.First();
        set => Servers = [value];
    }

    public IEnumerable<MongoServerAddress> Servers { get; set; } = [new("localhost")];

    /// <summary>How long an operation waits for a server; 30 s unless set.</summary>
    public TimeSpan ServerSelectionTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a reply may take; zero means for ever.</summary>
    public TimeSpan SocketTimeout { get; set; } = TimeSpan.Zero;

    public bool UseTls { get; set; }

    /// <summary>How long an operation waits for a connection; 2 minutes unless set.</summary>
    public TimeSpan WaitQueueTimeout { get; set; } = TimeSpan.FromMinutes(2);

    public WriteConcern WriteConcern { get; set; } = WriteConcern.Acknowledged;

    /// <exception cref="MongoConfigurationException">The connection string makes no sense.</exception>
    public static MongoClientSettings FromConnectionString(string connectionString) => FromUrl(new MongoUrl(connectionString));

    public static MongoClientSettings FromUrl(MongoUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new()
        {
            AllowInsecureTls = url.AllowInsecureTls,
            ApplicationName = url.ApplicationName,
            ConnectTimeout = url.ConnectTimeout,
            Credential = url.Username is null ? null : MongoCredential.CreateCredential(
                url.AuthenticationSource ?? url.DatabaseName ?? "admin", url.Username, url.Password ?? ""),
            DirectConnection = url.DirectConnection,
            HeartbeatInterval = url.HeartbeatInterval,
            MaxConnecting = url.MaxConnecting,
            MaxConnectionIdleTime = url.MaxConnectionIdleTime,
            MaxConnectionLifeTime = url.MaxConnectionLifeTime,
            MaxConnectionPoolSize = url.MaxConnectionPoolSize,
            ReadConcern = url.ReadConcern,
            ReadPreference = url.ReadPreference ?? ReadPreference.Primary,
            ReplicaSetName = url.ReplicaSetName,
            Servers = [.. url.Servers],
            ServerSelectionTimeout = url.ServerSelectionTimeout,
            SocketTimeout = url.SocketTimeout,
            UseTls = url.UseTls,
            WaitQueueTimeout = url.WaitQueueTimeout,
            WriteConcern = url.WriteConcern,
        };
    }

    public MongoClientSettings Clone() => (MongoClientSettings)MemberwiseClone();
}
