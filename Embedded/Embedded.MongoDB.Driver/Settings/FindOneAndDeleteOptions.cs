using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>How one document is found and deleted.</summary>
public class FindOneAndDeleteOptions<TDocument, TProjection>
{
    /// <summary>Anything; it appears in the server's log and profile.</summary>
    public BsonValue? Comment { get; set; }

    /// <summary>The index to use: its name or its keys.</summary>
    public BsonValue? Hint { get; set; }

    /// <summary>Variables that expressions may use.</summary>
    public BsonDocument? Let { get; set; }

    /// <summary>The server gives up after this time.</summary>
    public TimeSpan? MaxTime { get; set; }

    /// <summary>The fields to return; null means the whole document.</summary>
    public ProjectionDefinition<TDocument, TProjection>? Projection { get; set; }

    /// <summary>Which document is the first where several match.</summary>
    public SortDefinition<TDocument>? Sort { get; set; }
}

/// <summary>How one document is found and deleted.</summary>
public class FindOneAndDeleteOptions<TDocument> : FindOneAndDeleteOptions<TDocument, TDocument>;
