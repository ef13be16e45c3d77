namespace MongoDB.Driver;

/// <summary>Which writes a read may see.</summary>
public sealed class ReadConcern : IEquatable<ReadConcern>
{
    private ReadConcern(ReadConcernLevel? level) => Level = level;

    public static ReadConcern Available { get; } = new(ReadConcernLevel.Available);

    public static ReadConcern Default { get; } = new(null);

    public static ReadConcern Local { get; } = new(ReadConcernLevel.Local);

    public static ReadConcern Majority { get; } = new(ReadConcernLevel.Majority);

    public bool IsServerDefault => Level is null;

    public ReadConcernLevel? Level { get; }

    public bool Equals(ReadConcern? other) => other is not null && Level == other.Level;

    public override bool Equals(object? obj) => Equals(obj as ReadConcern);

    public override int GetHashCode() => Level.GetHashCode();

    internal static ReadConcern FromOption(string level) => Enum.TryParse<ReadConcernLevel>(level, ignoreCase: true, out var known)
        ? new(known)
        : throw new MongoConfigurationException($"readConcernLevel={level} is not known.");

    internal string? Name => Level?.ToString().ToLowerInvariant();
}

/// <summary>Which writes a read may see.</summary>
public enum ReadConcernLevel
{
    /// <summary>What this server has.</summary>
    Local = 0,

    /// <summary>What most servers have.</summary>
    Majority = 2,

    /// <summary>Like local, without waiting for anything.</summary>
    Available = 4,
}
