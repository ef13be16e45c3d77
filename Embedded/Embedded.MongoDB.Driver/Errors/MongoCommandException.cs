using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>The server refused a command as a whole (<c>ok: 0</c>).</summary>
public class MongoCommandException : MongoServerException
{
    internal MongoCommandException(string message, BsonDocument command, BsonDocument result) : base(message) => (Command, Result) = (command, result);

    /// <summary>The error's number.</summary>
    public int Code => Result.TryGetValue("code", out var code) && code.IsNumeric ? code.ToInt32() : -1;

    /// <summary>The error's name.</summary>
    public string? CodeName => Result.TryGetValue("codeName", out var name) && name.IsString ? name.AsString : null;

    /// <summary>What was sent; long arrays beside the command are left out.</summary>
    public BsonDocument Command { get; }

    /// <summary>The server's own words.</summary>
    public string? ErrorMessage => Result.TryGetValue("errmsg", out var message) && message.IsString ? message.AsString : null;

    /// <summary>The whole reply.</summary>
    public BsonDocument Result { get; }
}
