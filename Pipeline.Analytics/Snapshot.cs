namespace Pipeline.Analytics;

/// <summary>Everything that page and API tell, at one moment.</summary>
internal sealed record Snapshot
{
    public static readonly Snapshot Empty = new();

    /// <summary>When the store was looked at for the latest images.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Those of this run.</summary>
    public Figures Figures { get; init; } = Figures.Empty;

    /// <summary>When they began to be read.</summary>
    public DateTimeOffset FiguresAt { get; init; }

    public IReadOnlyList<ImageRow> Wall { get; init; } = [];

    public IReadOnlyList<TimelinePoint> Timeline { get; init; } = [];

    /// <summary>Cameras whose clock is ahead (above zero) or behind.</summary>
    public IReadOnlyDictionary<string, TimeSpan> ClockSkews { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>The model and what ran in its shadow, in this run; none where nothing did.</summary>
    public IReadOnlyList<ShadowComparison> Shadows { get; init; } = [];

    /// <summary>Null while Kafka does not answer; the store's figures are worth showing all the same.</summary>
    public BrokerState? Broker { get; init; }

    /// <summary>Null where the store does not say, or is empty.</summary>
    public DiskState? Disk { get; init; }

    /// <summary>What is counted as this run, and what the cameras show.</summary>
    public ProgressOptions Run { get; init; } = new();

    /// <summary>How it is now; null before the first second was counted.</summary>
    public TimelinePoint? Now => Timeline.Count == 0 ? null : Timeline[^1];
}

/// <summary>One line of progress. All but the last four count this run alone: what came, or was sent, since it began.</summary>
/// <param name="Sent">Records on <c>image_data</c>, repeats included; no less than what is stored, for records are told by their senders' clocks.</param>
/// <param name="Inferred">Documents with a prediction.</param>
/// <param name="Stored">Documents with their image.</param>
/// <param name="Compared">Of the inferred, those whose truth is known: what accuracy rests on.</param>
/// <param name="AccuracyPercent">Correct among the compared; null while there are none.</param>
/// <param name="DeadLettered">Records on both dead-letter topics.</param>
/// <param name="Earlier">Images in the store that are from earlier runs.</param>
/// <param name="Since">When this run began; null where everything in the store counts as this run.</param>
/// <param name="Pictures">What the cameras show, for people; null where nobody said.</param>
/// <param name="Standing">Who has not moved for a while although records wait, for people.</param>
internal sealed record Progress(
    long Sent, long Inferred, long Stored, long Compared, long Correct, double? AccuracyPercent, long DeadLettered, DateTime? FirstCapturedAt, DateTime? LastStoredAt,
    long Earlier, DateTimeOffset? Since, string? Pictures, IReadOnlyList<string> Standing)
{
    public static Progress Of(Snapshot snapshot, BrokerState broker)
    {
        var (overall, run) = (snapshot.Figures.Overall, snapshot.Run);
        // A camera whose clock is behind took nothing before the run began.
        var first = overall.FirstCapturedAt < run.Since?.UtcDateTime ? run.Since?.UtcDateTime : overall.FirstCapturedAt;
        return new Progress(
            Math.Max(broker.Sent, overall.Stored), overall.Inferred, overall.Stored, overall.Compared, overall.Correct, overall.AccuracyPercent, broker.DeadLettered,
            first, overall.LastStoredAt, snapshot.Figures.Earlier, run.Since, run.Pictures, broker.Standing);
    }
}
