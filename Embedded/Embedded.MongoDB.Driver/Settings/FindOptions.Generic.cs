namespace MongoDB.Driver;

/// <summary>How a query runs, and what it returns.</summary>
public class FindOptions<TDocument, TProjection> : FindOptionsBase
{
    /// <summary>At most so many documents; null or 0 means all.</summary>
    public int? Limit { get; set; }

    /// <summary>The fields to return; null means whole documents.</summary>
    public ProjectionDefinition<TDocument, TProjection>? Projection { get; set; }

    public int? Skip { get; set; }

    public SortDefinition<TDocument>? Sort { get; set; }
}

/// <summary>How a query of whole documents runs.</summary>
public class FindOptions<TDocument> : FindOptions<TDocument, TDocument>;
