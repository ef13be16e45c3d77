using Confluent.Kafka;
using Microsoft.AspNetCore.Http.HttpResults;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.Contracts.Pixels;
using Pipeline.Contracts.Stored;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Analytics;

/// <summary>Dead letters over HTTP: their pictures, and their replay.</summary>
internal static class DeadLetterEndpoints
{
    public static void MapDeadLetters(this IEndpointRouteBuilder api)
    {
        api.MapRead("/dead-letters/{topic}/{partition:int}/{offset:long}/png", PictureAsync)
            .Produces(StatusCodes.Status200OK, contentType: "image/png")
            .WithSummary("The picture of a dead letter, where it has one");
        api.MapPost("/dead-letters/replay", ReplayAsync).AddEndpointFilter<OwnPagesOnly>()
            .WithSummary("Sends the records of all dead letters again, each once");
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> PictureAsync(
        string topic, int partition, long offset, RecordReader records, TopicOffsets offsets, TopicOptions topics)
    {
        var place = new TopicPartitionOffset(topic, partition, offset);
        // No others: this is no way to read any topic, and the reader waits long for what is not there.
        if (offset < 0 || topics.OriginOf(topic) is null || offset >= (await offsets.EndsAsync([topic])).GetValueOrDefault(place.TopicPartition))
        {
            return TypedResults.NotFound();
        }
        var letter = await Task.Run(() => records.Read(place));
        return letter is not null && PngOf(MessageGlimpse.Of(letter.Message.Value, letter.ContentType()).Picture) is { } png
            ? TypedResults.File(png, "image/png")
            : TypedResults.NotFound();
    }

    private static byte[]? PngOf(Picture? picture) => picture is null ? null : ShownPicture.PngOf(new StoredPicture
    {
        Width = picture.Width,
        Height = picture.Height,
        Format = picture.Format.Name(),
        Data = picture.Data.ToArray(),
    });

    private static async Task<Results<Ok<ReplayOutcome>, ProblemHttpResult>> ReplayAsync(
        DeadLetterReplay replay, Snapshots snapshots, CancellationToken cancellationToken)
    {
        if (await replay.RunAsync(cancellationToken) is not { } outcome)
        {
            return TypedResults.Problem("Another replay is under way.", statusCode: StatusCodes.Status409Conflict);
        }
        snapshots.Outdate();
        return TypedResults.Ok(outcome);
    }
}
