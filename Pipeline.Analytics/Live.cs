using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Pipeline.Contracts.Stored;

namespace Pipeline.Analytics;

/// <summary>The figures as they are now, at most a moment old, for however many readers.</summary>
internal sealed class Live : IDisposable
{
    private readonly Cached<Figures> _figures;
    private readonly Cached<Progress> _progress;

    public Live(
        IMongoCollection<StoredImage> images, TopicCounts topics, IOptions<ProgressOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        _figures = new(token => WrongInferences.AggregateAsync(images, token, options.Value.Since), time, lifetime.ApplicationStopping);
        _progress = new(ReadAsync, time, lifetime.ApplicationStopping);

        async Task<Progress> ReadAsync(CancellationToken cancellationToken)
        {
            // The store first: whatever it holds was sent before the broker is asked, so sent is never behind stored.
            var figures = await _figures.GetAsync(cancellationToken);
            var (sent, deadLettered) = await topics.ReadAsync().WaitAsync(cancellationToken);
            var (run, since) = (figures.Overall, options.Value.Since);
            // A camera whose clock is behind took nothing before the run began.
            var first = run.FirstCapturedAt < since?.UtcDateTime ? since?.UtcDateTime : run.FirstCapturedAt;
            return new Progress(
                Math.Max(sent, run.Stored), run.Inferred, run.Stored, run.Correct, run.AccuracyPercent, deadLettered, first, run.LastStoredAt,
                figures.Earlier, since, options.Value.Pictures);
        }
    }

    /// <summary>This run's figures.</summary>
    public Task<Figures> FiguresAsync(CancellationToken cancellationToken) => _figures.GetAsync(cancellationToken);

    /// <summary>How far this run is, from the broker and from the store.</summary>
    public Task<Progress> ProgressAsync(CancellationToken cancellationToken) => _progress.GetAsync(cancellationToken);

    public void Dispose()
    {
        _figures.Dispose();
        _progress.Dispose();
    }
}

/// <summary>One line of progress. All but the last three count this run alone: what came, or was sent, since it began.</summary>
/// <param name="Sent">Records on <c>image_data</c>, repeats included; no less than what is stored, for records are told by their senders' clocks.</param>
/// <param name="Inferred">Documents with a prediction.</param>
/// <param name="Stored">Documents with their image.</param>
/// <param name="AccuracyPercent">Correct among the inferred; null while nothing is inferred.</param>
/// <param name="DeadLettered">Records on both dead-letter topics.</param>
/// <param name="Earlier">Images in the store that are from earlier runs.</param>
/// <param name="Since">When this run began; null where everything in the store counts as this run.</param>
/// <param name="Pictures">What the cameras show, for people; null where nobody said.</param>
internal sealed record Progress(
    long Sent, long Inferred, long Stored, long Correct, double? AccuracyPercent, long DeadLettered, DateTime? FirstCapturedAt, DateTime? LastStoredAt,
    long Earlier, DateTimeOffset? Since, string? Pictures);
