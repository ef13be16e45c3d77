using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Pipeline.Analytics;

/// <summary>The figures as they are now, at most a moment old, for however many readers.</summary>
internal sealed class Live : IDisposable
{
    private readonly Cached<Figures> _figures;
    private readonly Cached<Progress> _all;
    private readonly Cached<Progress> _run;

    public Live(
        IMongoCollection<BsonDocument> images, TopicCounts topics, IOptions<ProgressOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        _figures = new(cancellationToken => WrongInferences.AggregateAsync(images, cancellationToken), time, lifetime.ApplicationStopping);
        _all = new(cancellationToken => ReadAsync(_figures.GetAsync, topics, since: null, cancellationToken), time, lifetime.ApplicationStopping);
        _run = options.Value.Since is not { } since ? _all : new(
            cancellationToken => ReadAsync(token => WrongInferences.AggregateAsync(images, token, since), topics, since, cancellationToken),
            time, lifetime.ApplicationStopping);
    }

    public Task<Figures> FiguresAsync(CancellationToken cancellationToken) => _figures.GetAsync(cancellationToken);

    /// <summary>How far the run is, from the broker and from the store.</summary>
    public Task<Progress> ProgressAsync(CancellationToken cancellationToken) => _run.GetAsync(cancellationToken);

    /// <summary>The same over all runs that the store holds.</summary>
    public Task<Progress> ProgressOfAllAsync(CancellationToken cancellationToken) => _all.GetAsync(cancellationToken);

    private static async Task<Progress> ReadAsync(
        Func<CancellationToken, Task<Figures>> figures, TopicCounts topics, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        // The store first: whatever it holds was sent before the broker is asked, so sent is never behind stored.
        var overall = (await figures(cancellationToken)).Overall;
        var (sent, deadLettered) = await topics.ReadAsync(since).WaitAsync(cancellationToken);
        return new Progress(
            sent, overall.Inferred, overall.Stored, overall.Correct, overall.Accuracy, deadLettered, overall.FirstCapturedAt, overall.LastStoredAt);
    }

    public void Dispose()
    {
        _figures.Dispose();
        _all.Dispose();
        _run.Dispose();
    }
}

/// <summary>One line of progress.</summary>
/// <param name="Sent">Records on <c>image_data</c>, repeats included.</param>
/// <param name="Inferred">Documents with a prediction.</param>
/// <param name="Stored">Documents with their image.</param>
/// <param name="Accuracy">Correct among the inferred, 0..1; null while nothing is inferred.</param>
/// <param name="DeadLettered">Records on both dead-letter topics.</param>
internal sealed record Progress(
    long Sent, long Inferred, long Stored, long Correct, double? Accuracy, long DeadLettered, DateTime? FirstCapturedAt, DateTime? LastStoredAt);
