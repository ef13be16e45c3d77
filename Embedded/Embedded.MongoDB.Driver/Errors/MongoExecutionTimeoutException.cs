using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>The server gave up because the time limit of the operation was over.</summary>
public class MongoExecutionTimeoutException : MongoServerException
{
    private readonly BsonDocument _result;

    internal MongoExecutionTimeoutException(string message, BsonDocument result) : base(message) => _result = result;

    /// <summary>The error's number.</summary>
    public int Code => _result.GetValue("code", 0).ToInt32();

    /// <summary>The error's name.</summary>
    public string? CodeName => _result.TryGetValue("codeName", out var name) ? name.AsString : null;
}
