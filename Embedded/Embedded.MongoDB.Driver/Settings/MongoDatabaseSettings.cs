namespace MongoDB.Driver;

/// <summary>What a database does differently from its client; null means the same.</summary>
public class MongoDatabaseSettings
{
    public ReadConcern? ReadConcern { get; set; }

    public ReadPreference? ReadPreference { get; set; }

    public WriteConcern? WriteConcern { get; set; }
}
