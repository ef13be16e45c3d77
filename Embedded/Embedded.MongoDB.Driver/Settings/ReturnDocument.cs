namespace MongoDB.Driver;

/// <summary>Which state of a document a find-and-change returns.</summary>
public enum ReturnDocument
{
    Before,
    After,
}
