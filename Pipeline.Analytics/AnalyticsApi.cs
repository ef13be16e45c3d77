using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Pipeline.Analytics;

/// <summary>
/// The HTTP API: the figures, and the images behind them. All of it reads; what changes something stands in <see cref="ImageTruthEndpoint"/>
/// and <see cref="DeadLetterEndpoints"/>.
/// </summary>
internal static class AnalyticsApi
{
    /// <summary>Rows of the longest answer; producers past this are in the report.</summary>
    public const int MaxRows = 1_000;

    public const string ProgressPath = "/api/progress";

    private const string TotalCountHeader = "X-Total-Count";

    private const int DefaultRecent = 20;

    public static void MapAnalyticsApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api");
        app.MapRead(ProgressPath, (Snapshots snapshots, SnapshotReader reader, CancellationToken cancellationToken) =>
            BrokerAsync(snapshots, Progress.Of, cancellationToken, reader.PartsOfProgress))
            .WithSummary("How far the run is");
        api.MapRead("/accuracy", async (Snapshots snapshots, CancellationToken cancellationToken) =>
            AccuracyAnswer.Of((await snapshots.LatestAsync(cancellationToken)).Figures.Overall))
            .WithSummary("How often the model was right, over all images");
        api.MapRead("/producers", async (Snapshots snapshots, HttpResponse response, CancellationToken cancellationToken) =>
            FirstRows(response, (await snapshots.LatestAsync(cancellationToken)).Figures.Producers, row => ProducerAnswer.Of(row.Name, row.Tally)))
            .WithSummary("Wrong inferences per producer");
        api.MapRead("/classes", async (Snapshots snapshots, HttpResponse response, CancellationToken cancellationToken) =>
            FirstRows(response, (await snapshots.LatestAsync(cancellationToken)).Figures.Classes, row => ClassAnswer.Of(row.Name, row.Tally)))
            .WithSummary("Accuracy per class");
        api.MapRead("/confusion", async (Snapshots snapshots, HttpResponse response, CancellationToken cancellationToken) =>
            FirstRows(response, [.. (await snapshots.LatestAsync(cancellationToken)).Figures.Confusion.OrderByDescending(row => row.Value)],
                row => new ConfusionAnswer(row.Key.Truth, row.Key.Inferred, row.Value)))
            .WithSummary("What was taken for what, how often");
        api.MapRead("/shadow", async (Snapshots snapshots, CancellationToken cancellationToken) =>
            (await snapshots.LatestAsync(cancellationToken)).Shadows.Select(ShadowAnswer.Of))
            .WithSummary("The model and what runs in its shadow, on the same images; empty where nothing does");
        api.MapRead("/timeline", async (Snapshots snapshots, CancellationToken cancellationToken) => (await snapshots.LatestAsync(cancellationToken)).Timeline)
            .WithSummary("Five minutes, a point a second");
        api.MapRead("/disk", async (Snapshots snapshots, CancellationToken cancellationToken) => (await snapshots.LatestAsync(cancellationToken)).Disk)
            .WithSummary("How long the store's disk lasts at today's rate; null while the store is empty");
        api.MapRead("/broker", (Snapshots snapshots, CancellationToken cancellationToken) => BrokerAsync(snapshots, (_, broker) => broker, cancellationToken))
            .WithSummary("Consumer lag and the latest dead letters");
        api.MapRead("/dead-letters", (Snapshots snapshots, CancellationToken cancellationToken) =>
            BrokerAsync(snapshots, (_, broker) => broker.Latest, cancellationToken))
            .WithSummary($"The latest dead letters of this run, at most {DeadLetterTail.MaxLetters}, newest first");
        api.MapDeadLetters();
        api.MapRead("/images/recent", (StoredImages images, int? count, CancellationToken cancellationToken) =>
            images.RecentAsync(Math.Clamp(count ?? DefaultRecent, 1, StoredImages.MaxRecent), cancellationToken))
            .WithSummary("The images that came last, without pixels");
        api.MapImageTruth();
        api.MapRead("/images/{**address}", ImageAsync)
            .WithSummary("One image by its id, or its picture below it at /png");
    }

    private static async Task<Results<Ok<T>, ProblemHttpResult>> BrokerAsync<T>(
        Snapshots snapshots, Func<Snapshot, BrokerState, T> answer, CancellationToken cancellationToken, IReadOnlyCollection<ReadPart>? needed = null) =>
        await snapshots.LatestAsync(cancellationToken, needed) is { Broker: { } broker } snapshot
            ? TypedResults.Ok(answer(snapshot, broker))
            : TypedResults.Problem("Kafka does not answer; try again in a moment.", statusCode: StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<ImageRow>, FileContentHttpResult, NotFound>> ImageAsync(
        StoredImages images, HttpContext context, CancellationToken cancellationToken)
    {
        var id = ImageAddress.Read(context, out var isPicture);
        if (!isPicture && await images.FindAsync(id, cancellationToken) is { } image)
        {
            return TypedResults.Ok(image);
        }
        var pictureOf = isPicture ? id : ImageAddress.BeforePictureFile(id);
        if (pictureOf is null || await images.FindPngAsync(pictureOf, cancellationToken) is not { } png)
        {
            return TypedResults.NotFound();
        }
        context.Response.Headers.CacheControl = "private, max-age=86400, immutable";     // the first picture under an id stays
        return TypedResults.File(png, "image/png");
    }

    /// <summary>As many rows as an answer has; how many there are in all stands in its header.</summary>
    private static IEnumerable<TRow> FirstRows<T, TRow>(HttpResponse response, IReadOnlyList<T> all, Func<T, TRow> row)
    {
        response.Headers[TotalCountHeader] = all.Count.ToString(CultureInfo.InvariantCulture);
        return all.Take(MaxRows).Select(row);
    }

    /// <summary>Over all images. Accuracy rests on those compared, inferred and with a known truth; it is null while there are none.</summary>
    private sealed record AccuracyAnswer(
        long Total, long Inferred, long NotYetInferred, long WithoutTruth, long Compared, long Correct, long Wrong, double? AccuracyPercent)
    {
        public static AccuracyAnswer Of(Tally tally) =>
            new(tally.Total, tally.Inferred, tally.Pending, tally.WithoutTruth, tally.Compared, tally.Correct, tally.Wrong, tally.AccuracyPercent);
    }

    private sealed record ProducerAnswer(string ProducerId, long WrongInferenceCount, long TotalInferences, double? ErrorRatePercent, long NotYetInferred, long WithoutTruth)
    {
        public static ProducerAnswer Of(string producer, Tally tally) =>
            new(producer, tally.Wrong, tally.Inferred, tally.ErrorRatePercent, tally.Pending, tally.WithoutTruth);
    }

    /// <summary>One pair of versions, the latest first. Latency is from capture to prediction, of the latest images.</summary>
    private sealed record ShadowAnswer(
        string? Model, string? ShadowModel, long Images, long Agreed, double? AgreementPercent, long Compared,
        long Correct, double? AccuracyPercent, long ShadowCorrect, double? ShadowAccuracyPercent,
        long? LatencyP50Ms, long? LatencyP95Ms, long? ShadowLatencyP50Ms, long? ShadowLatencyP95Ms)
    {
        public static ShadowAnswer Of(ShadowComparison pair) => new(
            pair.Model, pair.ShadowModel, pair.Images, pair.Agreed, Percent(pair.Agreement), pair.Compared,
            pair.Correct, Percent(pair.Accuracy), pair.ShadowCorrect, Percent(pair.ShadowAccuracy),
            pair.Latency.P50Ms, pair.Latency.P95Ms, pair.ShadowLatency.P50Ms, pair.ShadowLatency.P95Ms);

        private static double? Percent(double? share) => share is { } known ? Math.Round(100 * known, 2) : null;
    }

    private sealed record ConfusionAnswer(string GroundTruth, string InferredValue, long Count);

    private sealed record ClassAnswer(string Label, long Total, long Correct, double? AccuracyPercent, long NotYetInferred)
    {
        public static ClassAnswer Of(string label, Tally tally) => new(label, tally.Inferred, tally.Correct, tally.AccuracyPercent, tally.Pending);
    }
}
