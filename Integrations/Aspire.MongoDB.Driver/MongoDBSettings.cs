namespace Aspire.MongoDB.Driver;

/// <summary>How a client reaches MongoDB. Bound from <c>Aspire:MongoDB:Driver</c>.</summary>
public sealed class MongoDBSettings
{
    /// <summary>A MongoDB connection string. If it names a database, that database is registered too.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether no health check is registered. Default: false.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>How long the health check waits for an answer, in milliseconds; null: 3,000.</summary>
    public int? HealthCheckTimeout { get; set; }

    /// <summary>Whether the client's traces are off. Default: false.</summary>
    public bool DisableTracing { get; set; }
}
