using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Why a write that was executed is not as safe as was asked for.</summary>
public class WriteConcernError
{
    internal WriteConcernError(BsonDocument error)
    {
        Code = error.GetValue("code", 0).ToInt32();
        CodeName = error.TryGetValue("codeName", out var name) ? name.AsString : null;
        Message = error.TryGetValue("errmsg", out var message) ? message.AsString : "";
        Details = error.TryGetValue("errInfo", out var details) ? details.AsBsonDocument : null;
    }

    public int Code { get; }

    public string? CodeName { get; }

    public BsonDocument? Details { get; }

    public string Message { get; }
}
