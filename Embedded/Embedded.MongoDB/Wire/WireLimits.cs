namespace Embedded.MongoDB.Wire;

/// <summary>What both sides promise not to exceed. A server says these numbers in its hello, so clients split their batches by them.</summary>
public static class WireLimits
{
    /// <summary>A whole message, header included.</summary>
    public const int MaxMessageBytes = 48_000_000;

    /// <summary>One document that a user stores.</summary>
    public const int MaxDocumentBytes = 16 * 1024 * 1024;

    /// <summary>A command document may carry one whole user document and what stands around it.</summary>
    public const int MaxCommandBytes = MaxMessageBytes;

    /// <summary>Statements in one insert, update or delete.</summary>
    public const int MaxWriteBatchCount = 100_000;

    /// <summary>Documents and arrays inside one another.</summary>
    public const int MaxNestingDepth = 200;
}
