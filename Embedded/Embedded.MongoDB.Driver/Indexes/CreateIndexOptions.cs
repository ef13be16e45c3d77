namespace MongoDB.Driver;

/// <summary>What an index is like.</summary>
public class CreateIndexOptions
{
    /// <summary>Documents are deleted when the date in the field is older than this.</summary>
    public TimeSpan? ExpireAfter { get; set; }

    /// <summary>True keeps the index up to date and does not use it.</summary>
    public bool? Hidden { get; set; }

    /// <summary>Fields and directions unless set: <c>a_1_b_-1</c>.</summary>
    public string? Name { get; set; }

    /// <summary>True leaves out documents that do not have the field.</summary>
    public bool? Sparse { get; set; }

    public bool? Unique { get; set; }
}

/// <summary>What an index is like, and which documents are in it.</summary>
public class CreateIndexOptions<TDocument> : CreateIndexOptions
{
    /// <summary>Only documents that match are in the index.</summary>
    public FilterDefinition<TDocument>? PartialFilterExpression { get; set; }
}
