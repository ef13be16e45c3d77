using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Why one write was refused.</summary>
public class WriteError
{
    internal WriteError(int code, string message, BsonDocument details) => (Code, Message, Details) = (code, message, details);

    public ServerErrorCategory Category => Code switch
    {
        11000 or 11001 or 12582 => ServerErrorCategory.DuplicateKey,
        50 => ServerErrorCategory.ExecutionTimeout,
        _ => ServerErrorCategory.Uncategorized,
    };

    /// <summary>The error's number.</summary>
    public int Code { get; }

    /// <summary>What the server adds, as in a failed validation; empty otherwise.</summary>
    public BsonDocument Details { get; }

    public string Message { get; }
}
