namespace Embedded.MongoDB.Storage;

/// <summary>A document before and after a write, for who asks for it: an update or a deletion fills it.</summary>
internal sealed class DocumentImages
{
    public byte[]? Before { get; set; }

    /// <summary>Null where the document is deleted.</summary>
    public byte[]? After { get; set; }
}
