using System.Diagnostics;
using System.Globalization;
using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>
/// Spans: one for each operation (<c>find shop.orders</c>) and inside it one for each command that it takes. Listen to
/// <see cref="ActivitySourceName"/>. Handshakes and authentication have none.
/// </summary>
public static class MongoTelemetry
{
    /// <summary>The source's name.</summary>
    public const string ActivitySourceName = "MongoDB.Driver";

    private static readonly ActivitySource Source = new(ActivitySourceName);

    internal static Activity? StartOperation(string name, string database, string? collection)
    {
        if (!Source.HasListeners())
            return null;
        var summary = collection is null ? $"{name} {database}" : $"{name} {database}.{collection}";
        var span = Source.StartActivity(summary, ActivityKind.Client);
        span?.SetTag("db.system.name", "mongodb")
            .SetTag("db.operation.name", name)
            .SetTag("db.operation.summary", summary)
            .SetTag("db.namespace", database)
            .SetTag("db.collection.name", collection);
        return span;
    }

    internal static Activity? StartCommand(CommandCall call, WireConnection connection)
    {
        if (!Source.HasListeners())
            return null;
        var collection = (call.Body[0] as BsonString ?? call.Body.GetValue("collection", BsonNull.Value) as BsonString)?.Value;
        var span = Source.StartActivity(call.Name, ActivityKind.Client);
        span?.SetTag("db.system.name", "mongodb")
            .SetTag("db.command.name", call.Name)
            .SetTag("db.namespace", call.Database)
            .SetTag("db.collection.name", collection)
            .SetTag("db.query.summary", collection is null ? $"{call.Name} {call.Database}" : $"{call.Name} {call.Database}.{collection}")
            .SetTag("server.address", connection.Address.Host)
            .SetTag("server.port", connection.Address.Port)
            .SetTag("network.transport", connection.Address.IsUnixSocket ? "unix" : "tcp")
            .SetTag("db.mongodb.server_connection_id", connection.Description.ConnectionId);
        return span;
    }

    internal static void Fail(Activity? span, Exception exception)
    {
        if (span is null)
            return;
        if (exception is MongoCommandException { Code: var code })
            span.SetTag("db.response.status_code", code.ToString(CultureInfo.InvariantCulture));
        span.SetStatus(ActivityStatusCode.Error, exception.Message).AddException(exception);
    }
}
