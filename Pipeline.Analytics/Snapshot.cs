using Confluent.Kafka;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Pipeline.Contracts.Stored;

namespace Pipeline.Analytics;

/// <summary>Everything the page shows, at one moment.</summary>
/// <param name="Figures">Those of this run.</param>
/// <param name="Broker">Null while Kafka does not answer; the store's figures are worth showing all the same.</param>
/// <param name="Pictures">What the cameras show, for people; null where nobody said.</param>
/// <param name="ClockSkews">Cameras whose clock is ahead (above zero) or behind; null: none.</param>
internal sealed record Snapshot(
    DateTimeOffset At, Figures Figures, IReadOnlyList<ImageRow> Wall, IReadOnlyList<TimelinePoint> Timeline, BrokerState? Broker,
    string? Pictures = null, IReadOnlyDictionary<string, TimeSpan>? ClockSkews = null)
{
    /// <summary>How it is now; null before the first second was counted.</summary>
    public TimelinePoint? Now => Timeline.Count == 0 ? null : Timeline[^1];
}

/// <summary>Takes snapshots: when somebody asks, one for all who ask, and for a small share of the time at most. See <see cref="Cached{T}"/>.</summary>
internal sealed class Snapshots : IDisposable
{
    private readonly Timeline _timeline = new();
    private readonly Cached<Snapshot> _latest;
    private readonly ILogger<Snapshots> _log;

    public Snapshots(
        IMongoCollection<StoredImage> images, Live live, Wall wall, BrokerView broker, IOptions<ProgressOptions> options, TimeProvider time,
        IHostApplicationLifetime lifetime, ILogger<Snapshots> log)
    {
        _log = log;
        var states = new LatestAnswer<BrokerState?>(token => BrokerOrAwayAsync(broker, token), time);
        var figures = new LatestAnswer<Figures>(live.FiguresAsync, time);
        _latest = new(TakeAsync, time, lifetime.ApplicationStopping);

        async Task<Snapshot> TakeAsync(CancellationToken cancellationToken)
        {
            var state = await states.GetAsync(cancellationToken);
            var now = time.GetUtcNow();
            var (times, from) = await RecentTimes.ReadAsync(images, _timeline.NeededFrom(now), cancellationToken);
            _timeline.Absorb(times, from, now, state?.Sent);
            return new Snapshot(
                now, await figures.GetAsync(cancellationToken), await wall.TurnAsync(cancellationToken), _timeline.Points, state,
                options.Value.Pictures, _timeline.ClockSkews);
        }
    }

    /// <exception cref="MongoException">The store does not answer.</exception>
    public Task<Snapshot> LatestAsync(CancellationToken cancellationToken) => _latest.GetAsync(cancellationToken);

    public void Dispose() => _latest.Dispose();

    private async Task<BrokerState?> BrokerOrAwayAsync(BrokerView broker, CancellationToken cancellationToken)
    {
        try
        {
            return await broker.ReadAsync(cancellationToken);
        }
        catch (KafkaException away)
        {
            _log.SourceAway("Kafka", away.Error.Reason);
            return null;
        }
    }
}
