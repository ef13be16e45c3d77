namespace MongoDB.Driver;

/// <summary>Which server of a replica set answers reads. A server that stands alone answers all of them.</summary>
public sealed class ReadPreference : IEquatable<ReadPreference>
{
    private ReadPreference(ReadPreferenceMode mode) => ReadPreferenceMode = mode;

    public static ReadPreference Nearest { get; } = new(ReadPreferenceMode.Nearest);

    public static ReadPreference Primary { get; } = new(ReadPreferenceMode.Primary);

    public static ReadPreference PrimaryPreferred { get; } = new(ReadPreferenceMode.PrimaryPreferred);

    public static ReadPreference Secondary { get; } = new(ReadPreferenceMode.Secondary);

    public static ReadPreference SecondaryPreferred { get; } = new(ReadPreferenceMode.SecondaryPreferred);

    public ReadPreferenceMode ReadPreferenceMode { get; }

    public bool Equals(ReadPreference? other) => other?.ReadPreferenceMode == ReadPreferenceMode;

    public override bool Equals(object? obj) => Equals(obj as ReadPreference);

    public override int GetHashCode() => (int)ReadPreferenceMode;

    internal static ReadPreference FromOption(string mode) => mode.ToLowerInvariant() switch
    {
        "primary" => Primary,
        "primarypreferred" => PrimaryPreferred,
        "secondary" => Secondary,
        "secondarypreferred" => SecondaryPreferred,
        "nearest" => Nearest,
        _ => throw new MongoConfigurationException($"readPreference={mode} is not known."),
    };
}

/// <summary>Which server of a replica set answers reads.</summary>
public enum ReadPreferenceMode
{
    Primary,
    PrimaryPreferred,
    Secondary,
    SecondaryPreferred,
    Nearest,
}
