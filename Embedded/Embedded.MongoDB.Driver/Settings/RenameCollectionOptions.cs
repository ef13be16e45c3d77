namespace MongoDB.Driver;

/// <summary>How a collection is renamed.</summary>
public class RenameCollectionOptions
{
    /// <summary>True drops a collection that has the new name.</summary>
    public bool? DropTarget { get; set; }
}
