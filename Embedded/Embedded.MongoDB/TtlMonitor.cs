using Embedded.MongoDB.Query;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB;

/// <summary>Every minute: deletes documents whose time is over, by the indexes with expireAfterSeconds, and closes forgotten cursors.</summary>
internal sealed class TtlMonitor(MongoServer server)
{
    private const int BatchCount = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await RunRoundAsync(TimeProvider.System.GetUtcNow(), stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    /// <summary>One round, as of an instant.</summary>
    public async Task RunRoundAsync(DateTimeOffset now, CancellationToken stoppingToken)
    {
        server.Cursors.KillIdle(now);
        foreach (var database in server.Store.Databases)
        {
            try
            {
                foreach (var collection in database.Catalog.Collections.Values)
                {
                    foreach (var index in collection.Indexes)
                    {
                        if (index.ExpireAfterSeconds is { } seconds)
                        {
                            await DeleteExpiredAsync(database, collection.Name, index, now.AddSeconds(-seconds), stoppingToken);
                        }
                    }
                }
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                server.Logger.TtlRoundFailed(problem, database.Name);
            }
        }
    }

    /// <summary>Only dates expire. In an array the earliest counts, and that is the one an index walk meets first.</summary>
    private static async Task DeleteExpiredAsync(
        Database database, string collection, CollectionIndex index, DateTimeOffset before, CancellationToken stoppingToken)
    {
        var field = index.Fields[0];
        var limit = before.ToUnixTimeMilliseconds();
        var filter = Filter.Parse(ExpiredFilter(field.Path, limit));
        int deleted;
        do
        {
            stoppingToken.ThrowIfCancellationRequested();
            deleted = await database.Writer.WriteAsync(session =>
            {
                if (session.Find(collection) is not { } writer)
                {
                    return 0;
                }

                var rows = session.FindRows(writer.Collection, filter, BatchCount, static () => { });
                foreach (var row in rows)
                {
                    writer.DeleteByRow(row, filter);
                }

                return rows.Count;
            });
        }
        while (deleted == BatchCount);
    }

    /// <summary><c>{path: {$lt: date}}</c></summary>
    private static byte[] ExpiredFilter(string path, long milliseconds)
    {
        var filter = new BsonBuffer();
        var start = filter.BeginDocument();
        filter.BeginElement(BsonType.Document, System.Text.Encoding.UTF8.GetBytes(path));
        var condition = filter.BeginDocument();
        filter.BeginElement(BsonType.DateTime, "$lt"u8);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(filter.Take(8), milliseconds);
        filter.EndDocument(condition);
        filter.EndDocument(start);
        return filter.ToArray();
    }
}
