namespace MongoDB.Driver;

/// <summary>How a collection is created.</summary>
public class CreateCollectionOptions
{
    /// <summary>True overwrites the oldest documents once <see cref="MaxSize"/> is reached.</summary>
    public bool? Capped { get; set; }

    public long? MaxDocuments { get; set; }

    /// <summary>Bytes.</summary>
    public long? MaxSize { get; set; }
}
