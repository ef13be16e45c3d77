using Microsoft.AspNetCore.Http.HttpResults;

namespace Pipeline.Analytics;

/// <summary>The HTTP API: the figures, and the images behind them. All of it reads; nothing here changes anything.</summary>
internal static class AnalyticsApi
{
    /// <summary>Rows of the longest answer; producers past this are in the report.</summary>
    public const int MaxRows = 1_000;

    private const int DefaultRecent = 20;

    public static void MapAnalyticsApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api");
        api.MapGet("/progress", (Live live, CancellationToken cancellationToken) => live.ProgressAsync(cancellationToken));
        api.MapGet("/accuracy", async (Live live, CancellationToken cancellationToken) => AccuracyAnswer.Of((await live.FiguresAsync(cancellationToken)).Overall));
        api.MapGet("/producers", async (Live live, CancellationToken cancellationToken) =>
            (await live.FiguresAsync(cancellationToken)).Producers.Take(MaxRows).Select(row => ProducerAnswer.Of(row.Name, row.Tally)));
        api.MapGet("/classes", async (Live live, CancellationToken cancellationToken) =>
            (await live.FiguresAsync(cancellationToken)).Classes.Take(MaxRows).Select(row => ClassAnswer.Of(row.Name, row.Tally)));
        api.MapGet("/confusion", async (Live live, CancellationToken cancellationToken) =>
            (await live.FiguresAsync(cancellationToken)).Confusion.Take(MaxRows).Select(row => new ConfusionAnswer(row.Key.Truth, row.Key.Inferred, row.Value)));
        api.MapGet("/timeline", async (Snapshots snapshots, CancellationToken cancellationToken) => (await snapshots.LatestAsync(cancellationToken)).Timeline);
        api.MapGet("/broker", BrokerAsync);
        api.MapGet("/images/recent", (StoredImages images, int? count, CancellationToken cancellationToken) =>
            images.RecentAsync(Math.Clamp(count ?? DefaultRecent, 1, StoredImages.MaxRecent), cancellationToken));
        api.MapGet("/images/{id}.png", PngAsync);
        api.MapGet("/images/{id}", FindAsync);
    }

    private static async Task<Results<Ok<BrokerState>, ProblemHttpResult>> BrokerAsync(Snapshots snapshots, CancellationToken cancellationToken) =>
        (await snapshots.LatestAsync(cancellationToken)).Broker is { } broker
            ? TypedResults.Ok(broker)
            : TypedResults.Problem("Kafka does not answer; try again in a moment.", statusCode: StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<StoredImage>, NotFound>> FindAsync(string id, StoredImages images, CancellationToken cancellationToken) =>
        await images.FindAsync(WithSlashes(id), cancellationToken) is { } image ? TypedResults.Ok(image) : TypedResults.NotFound();

    private static async Task<Results<FileContentHttpResult, NotFound>> PngAsync(
        string id, StoredImages images, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await images.FindPngAsync(WithSlashes(id), cancellationToken) is not { } png)
        {
            return TypedResults.NotFound();
        }
        response.Headers.CacheControl = "private, max-age=86400, immutable";     // the first picture under an id stays
        return TypedResults.File(png, "image/png");
    }

    // The server decodes everything in a path but this.
    private static string WithSlashes(string id) => id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Over all images. Ratios are 0..1, null while nothing is inferred.</summary>
    private sealed record AccuracyAnswer(long Total, long Inferred, long NotYetInferred, long Correct, long Wrong, double? Accuracy)
    {
        public static AccuracyAnswer Of(Tally tally) =>
            new(tally.Total, tally.Inferred, tally.Pending, tally.Correct, tally.Wrong, tally.Accuracy);
    }

    private sealed record ProducerAnswer(string ProducerId, long WrongInferenceCount, long TotalInferences, double? ErrorRate, long NotYetInferred)
    {
        public static ProducerAnswer Of(string producer, Tally tally) => new(producer, tally.Wrong, tally.Inferred, tally.ErrorRate, tally.Pending);
    }

    private sealed record ConfusionAnswer(string GroundTruth, string InferredValue, long Count);

    private sealed record ClassAnswer(string Label, long Total, long Correct, double? Accuracy, long NotYetInferred)
    {
        public static ClassAnswer Of(string label, Tally tally) => new(label, tally.Inferred, tally.Correct, tally.Accuracy, tally.Pending);
    }
}
