using Confluent.Kafka;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Pipeline.Contracts.Options;
using Pipeline.Contracts.Stored;

namespace Pipeline.Analytics;

/// <summary>Reads the parts of a snapshot: one slow pass over all documents, a quick look at the latest, what the broker tells, and how large the store is.</summary>
internal sealed class SnapshotReader(
    IMongoCollection<StoredImage> images, Wall wall, BrokerView broker, DiskView disk, TopicOptions topics,
    IOptions<ProgressOptions> options, TimeProvider time, ILogger<SnapshotReader> log)
{
    /// <summary>Nothing has moved for so long: then there will be little more to read than is there.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly Timeline _timeline = new();
    private volatile BrokerState? _broker;

    /// <summary>Each is read by one caller at a time.</summary>
    public IReadOnlyList<ReadPart> Parts => [FiguresAsync, ShadowsAsync, LatestImagesAsync, BrokerAsync, DiskAsync];

    /// <summary>The parts that <see cref="Progress"/> is made of; the console asks for it every second, also when nobody looks at the page.</summary>
    public IReadOnlyList<ReadPart> PartsOfProgress => [FiguresAsync, BrokerAsync];

    /// <summary>
    /// Figures that were read while records were on their way, and none is any more: what took long to read under load, and could be kept long for
    /// that, is read once more when the load is over.
    /// </summary>
    public IReadOnlyCollection<ReadPart> Outdated(Snapshot latest) =>
        latest.Broker is { } broker && broker.At - broker.MovedAt >= Rest && latest.FiguresAt < broker.MovedAt ? [FiguresAsync] : [];

    private async Task<Func<Snapshot, Snapshot>> FiguresAsync(CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var figures = await WrongInferences.AggregateAsync(images, cancellationToken, options.Value.Since);
        return snapshot => snapshot with { Figures = figures, FiguresAt = at, Run = options.Value };
    }

    private async Task<Func<Snapshot, Snapshot>> ShadowsAsync(CancellationToken cancellationToken)
    {
        if (!topics.HasShadow())
        {
            return snapshot => snapshot;
        }
        var shadows = await ShadowComparisons.ReadAsync(images, cancellationToken, options.Value.Since);
        return snapshot => snapshot with { Shadows = shadows };
    }

    private async Task<Func<Snapshot, Snapshot>> LatestImagesAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (times, from) = await RecentTimes.ReadAsync(images, _timeline.NeededFrom(now), cancellationToken);
        _timeline.Absorb(times, from, now, _broker);
        var (points, skews, shown) = (_timeline.Points, _timeline.ClockSkews, await wall.TurnAsync(cancellationToken));
        return snapshot => snapshot with { At = now, Timeline = points, ClockSkews = skews, Wall = shown };
    }

    private async Task<Func<Snapshot, Snapshot>> DiskAsync(CancellationToken cancellationToken)
    {
        var state = await disk.ReadAsync(cancellationToken);
        return snapshot => snapshot with { Disk = state };
    }

    private async Task<Func<Snapshot, Snapshot>> BrokerAsync(CancellationToken cancellationToken)
    {
        try
        {
            _broker = (await broker.ReadAsync(cancellationToken)).After(_broker);
        }
        catch (KafkaException away)
        {
            log.SourceAway("Kafka", away.Error.Reason);
            _broker = null;
        }
        var state = _broker;
        return snapshot => snapshot with { Broker = state };
    }
}
