using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts.Stored;

namespace Pipeline.Analytics;

/// <summary>Prints the report, writes the CSV, and keeps the counts in <c>wrong_inference_stats</c>.</summary>
internal sealed record ReportCommand(string MongoDBUrl, string CsvPath, bool MapReduce)
{
    public const string StatsCollection = "wrong_inference_stats";

    /// <summary>Runs the command; one line on <paramref name="errors"/> and exit code 1 when it cannot.</summary>
    public async Task<int> RunAsync(TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            var url = new MongoUrl(MongoDBUrl);
            using var client = new MongoClient(url);
            var database = client.GetDatabase(url.DatabaseName ?? StoredImage.Database);
            var images = Stored.CollectionOf(database);
            if (!await HasCollectionAsync(database, cancellationToken))
            {
                await errors.WriteLineAsync(
                    $"{Redacted} has no collection {StoredImage.Collection} in the database {database.DatabaseNamespace}; nothing was written. Is the database in --mongodb right?");
                return 1;
            }

            var figures = MapReduce
                ? await WrongInferences.MapReduceAsync(images, cancellationToken)
                : await WrongInferences.AggregateAsync(images, cancellationToken);
            await SaveAsync(database.GetCollection<BsonDocument>(StatsCollection), figures, cancellationToken);
            await ReplaceFileAsync(CsvPath, Report.ToCsv(figures), cancellationToken);
            await output.WriteAsync(Report.ToText(figures));
            await output.WriteLineAsync($"\nWrong counts per producer: {Path.GetFullPath(CsvPath)}, and collection {StatsCollection}");
            return 0;
        }
        catch (Exception exception) when (exception is MongoException or TimeoutException)
        {
            await errors.WriteLineAsync($"The store at {Redacted} does not answer as it should: {FirstLine(exception)} Is it running, and is --mongodb right?");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"{CsvPath} cannot be written: {FirstLine(exception)} Choose another place with --csv PATH.");
        }
        return 1;
    }

    private static async Task<bool> HasCollectionAsync(IMongoDatabase database, CancellationToken cancellationToken)
    {
        using var names = await database.ListCollectionNamesAsync(
            new ListCollectionNamesOptions { Filter = new BsonDocument("name", StoredImage.Collection) }, cancellationToken);
        return await names.AnyAsync(cancellationToken);
    }

    /// <summary>By a rename: whoever reads meanwhile, or stops us, finds the old file or the new one.</summary>
    private static async Task ReplaceFileAsync(string path, string text, CancellationToken cancellationToken)
    {
        var written = $"{path}.{Guid.NewGuid():N}";
        try
        {
            await File.WriteAllTextAsync(written, text, cancellationToken);
            File.Move(written, path, overwrite: true);
        }
        finally
        {
            File.Delete(written);
        }
    }

    /// <summary>One document per producer, replaced by each report; those of producers that are gone go.</summary>
    private static async Task SaveAsync(IMongoCollection<BsonDocument> stats, Figures figures, CancellationToken cancellationToken)
    {
        var rows = figures.Producers.Select(WriteModel<BsonDocument> (row) => new UpdateOneModel<BsonDocument>(
            Builders<BsonDocument>.Filter.Eq("_id", row.Name),
            new BsonDocument("$set", new BsonDocument
            {
                { StoredImage.ProducerIdField, row.Name },
                { "wrong_inference_count", row.Tally.Wrong },
                { "total_inferences", row.Tally.Inferred },
                { "error_rate", row.Tally.ErrorRate },
                { "not_yet_inferred", row.Tally.Pending },
                { "without_truth", row.Tally.WithoutTruth },
            }))
        { IsUpsert = true }).ToList();
        if (rows.Count > 0)
        {
            await stats.BulkWriteAsync(rows, new BulkWriteOptions { IsOrdered = false }, cancellationToken);
        }
        await stats.DeleteManyAsync(Builders<BsonDocument>.Filter.Nin("_id", figures.Producers.Select(row => row.Name)), cancellationToken);
    }

    // A URL may carry a password, and this line may end in a log.
    private string Redacted => MongoDBUrl.LastIndexOf('@') is var at and >= 0 ? "mongodb://…" + MongoDBUrl[at..] : MongoDBUrl;

    /// <summary>The driver tells a thousand letters of what it has tried.</summary>
    private static string FirstLine(Exception exception) =>
        exception is TimeoutException ? "nothing answers there in time." : exception.Message.Split('\n')[0].TrimEnd();
}
