namespace MongoDB.Driver;

/// <summary>The few write errors that programs treat differently.</summary>
public enum ServerErrorCategory
{
    /// <summary>Any other.</summary>
    Uncategorized = 0,

    /// <summary>A unique index has the key already.</summary>
    DuplicateKey,

    /// <summary>The time limit was over.</summary>
    ExecutionTimeout,
}
