namespace MongoDB.Driver;

/// <summary>The three commands that write, and what they call the documents beside them.</summary>
internal sealed record WriteKind(string CommandName, string SequenceName)
{
    public static readonly WriteKind Insert = new("insert", "documents");
    public static readonly WriteKind Update = new("update", "updates");
    public static readonly WriteKind Delete = new("delete", "deletes");
}
