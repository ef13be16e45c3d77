namespace MongoDB.Driver;

/// <summary>What a collection does differently from its database; null means the same.</summary>
public class MongoCollectionSettings
{
    /// <summary>True gives a document without <c>_id</c> one before it is inserted.</summary>
    public bool AssignIdOnInsert { get; set; } = true;

    public ReadConcern? ReadConcern { get; set; }

    public ReadPreference? ReadPreference { get; set; }

    public WriteConcern? WriteConcern { get; set; }
}
