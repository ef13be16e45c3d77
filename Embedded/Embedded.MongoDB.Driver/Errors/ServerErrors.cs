using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Which exception an error reply becomes.</summary>
internal static class ServerErrors
{
    public const int CursorNotFound = 43;
    public const int NamespaceNotFound = 26;

    public static MongoServerException From(BsonDocument command, BsonDocument reply)
    {
        var name = command.ElementCount > 0 ? command.GetElement(0).Name : "";
        var message = reply.TryGetValue("errmsg", out var text) && text.IsString ? text.AsString : "no reason given";
        var full = $"Command {name} failed: {message}{(message.EndsWith('.') ? "" : ".")}";
        var code = reply.TryGetValue("code", out var number) && number.IsNumeric ? number.ToInt32() : -1;

        MongoServerException exception = code switch
        {
            50 or 13475 or 16712 or 16986 => new MongoExecutionTimeoutException(full, reply),
            10107 or 13435 or 10058 => new MongoNotPrimaryException(full, command, reply),
            11600 or 11602 or 13436 or 189 or 91 => new MongoNodeIsRecoveringException(full, command, reply),
            _ => new MongoCommandException(full, command, reply),
        };
        if (reply.TryGetValue("errorLabels", out var labels) && labels is BsonArray array)
        {
            foreach (var label in array.Where(label => label.IsString))
                exception.AddErrorLabel(label.AsString);
        }
        return exception;
    }
}
