using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Runs operations: choose the server, send the command, and one span around it all.</summary>
internal sealed class Operations(Cluster cluster)
{
    public Cluster Cluster => cluster;

    /// <summary>A command whose reply is the result.</summary>
    public Task<BsonDocument> RunAsync(string operation, string database, string? collection, BsonDocument command, CancellationToken cancellationToken) =>
        TracedAsync(operation, database, collection, async () =>
        {
            var server = await cluster.SelectAsync(cancellationToken).ConfigureAwait(false);
            return await cluster.RunAsync(server, new CommandCall(database, command), cancellationToken).ConfigureAwait(false);
        });

    /// <summary>A command whose reply begins a cursor.</summary>
    public Task<IAsyncCursor<T>> OpenAsync<T>(
        string operation, string database, string? collection, BsonDocument command, Func<BsonDocument, T> convert, CancellationToken cancellationToken) =>
        TracedAsync<IAsyncCursor<T>>(operation, database, collection, async () =>
        {
            var server = await cluster.SelectAsync(cancellationToken).ConfigureAwait(false);
            var reply = await cluster.RunAsync(server, new CommandCall(database, command), cancellationToken).ConfigureAwait(false);
            var batchSize = command.TryGetValue("batchSize", out var size) ? size.ToInt32()
                : command.TryGetValue("cursor", out var cursor) && cursor is BsonDocument options && options.TryGetValue("batchSize", out size) ? size.ToInt32()
                : (int?)null;
            return new ServerCursor<T>(cluster, server, reply, batchSize, command.GetValue("comment", null!), convert);
        });

    /// <summary>Puts an operation into its span.</summary>
    public async Task<T> TracedAsync<T>(string operation, string database, string? collection, Func<Task<T>> run)
    {
        using var span = MongoTelemetry.StartOperation(operation, database, collection);
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            MongoTelemetry.Fail(span, e);
            throw;
        }
    }
}
