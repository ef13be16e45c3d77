namespace Embedded.MongoDB.Storage;

/// <summary>What a statement did to one row.</summary>
internal enum WriteOutcome
{
    /// <summary>The row does not match the filter.</summary>
    NotMatched,

    /// <summary>It matches, and is already as it should be.</summary>
    Unchanged,

    /// <summary>It has been written.</summary>
    Changed,
}
