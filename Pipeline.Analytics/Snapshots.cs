namespace Pipeline.Analytics;

/// <summary>Reads one part of a snapshot.</summary>
/// <returns>What it changes.</returns>
internal delegate Task<Func<Snapshot, Snapshot>> ReadPart(CancellationToken cancellationToken);

/// <summary>
/// The latest snapshot, for however many readers. While somebody looks, each of its parts is read again as soon as it is old, once for all
/// who ask meanwhile; how old it may get grows with what it costs, so that no number of readers loads what is behind it.
/// </summary>
/// <param name="parts">What a snapshot is made of.</param>
/// <param name="outdated">Which of them are old already, as other parts tell.</param>
/// <param name="time">Tells how old a part is.</param>
/// <param name="stoppingToken">Ends all reading.</param>
internal sealed class Snapshots(
    IReadOnlyList<ReadPart> parts, Func<Snapshot, IReadOnlyCollection<ReadPart>> outdated, TimeProvider time, CancellationToken stoppingToken)
{
    /// <summary>Younger than this, a part is always good enough.</summary>
    public static readonly TimeSpan MinAge = TimeSpan.FromMilliseconds(500);

    /// <summary>At most this share of the time goes into reading a part.</summary>
    public const double MaxDuty = 0.1;

    /// <summary>The longest wait for a part that takes long, so that a large store or a broker that is away holds up nothing else.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    /// <summary>Who asks when nobody did for this long waits for what is new, however long that takes.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Part[] _parts = [.. parts.Select(read => new Part(read))];
    private Snapshot _latest = Snapshot.Empty;
    private int _outdatedCount;

    /// <summary>What went wrong with a part is thrown until it is read again.</summary>
    /// <param name="cancellationToken">Ends the wait of this caller.</param>
    /// <param name="needed">The parts that the caller looks at; the others may be of any age. Null: all.</param>
    public async Task<Snapshot> LatestAsync(CancellationToken cancellationToken, IReadOnlyCollection<ReadPart>? needed = null)
    {
        var asked = needed is null ? _parts : Array.FindAll(_parts, part => needed.Contains(part.Read));
        Task catchingUp, reading;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var old = outdated(_latest);
            foreach (var part in asked)
            {
                var isIdle = part.AskedAt is not { } askedAt || time.GetElapsedTime(askedAt, now) > Idle;
                part.AskedAt = now;
                if (part.Reading.IsCompleted && (now >= part.GoodUntil || (now >= part.YoungUntil && old.Contains(part.Read))))
                {
                    part.Reading = ReadAsync(part);
                }
                part.CatchingUp = isIdle ? part.Reading : part.CatchingUp;
            }
            reading = Task.WhenAll(asked.Select(part => part.Reading));
            catchingUp = Task.WhenAll(asked.Select(part => part.CatchingUp));
        }
        await catchingUp.WaitAsync(cancellationToken);
        if (!reading.IsCompleted)
        {
            await Task.WhenAny(reading, Task.Delay(Moment, time, cancellationToken));
        }
        lock (_lock)
        {
            return Array.Find(asked, part => part.Problem is not null)?.Problem is { } problem ? throw problem : _latest;
        }
    }

    /// <summary>
    /// All parts are old from now on, what is being read included: a person has changed something by way of this service, and looks whether it is there.
    /// </summary>
    public void Outdate()
    {
        lock (_lock)
        {
            _outdatedCount++;
            foreach (var part in _parts)
            {
                part.GoodUntil = long.MinValue;
            }
        }
    }

    private async Task ReadAsync(Part part)
    {
        var (startedAt, outdatedCount) = (time.GetTimestamp(), _outdatedCount);      // begun under the lock
        Func<Snapshot, Snapshot> change = snapshot => snapshot;
        Exception? problem = null;
        try
        {
            change = await part.Read(stoppingToken);         // not the caller's token: when one browser leaves, the others still want the answer
        }
        catch (Exception exception)
        {
            problem = exception;
        }
        var readAt = time.GetTimestamp();
        // A failure is kept for a moment, too, but no longer, however long it took: that was waiting and no load.
        // Nor does one that took much longer than the one before: it waited, too.
        var took = time.GetElapsedTime(startedAt, readAt);
        var goodFor = problem is null ? Shorter(took, part.Took) * (1 / MaxDuty - 1) : MinAge;
        var youngUntil = readAt + Ticks(MinAge);
        lock (_lock)
        {
            _latest = change(_latest);
            part.Problem = problem;
            part.Took = took;
            part.YoungUntil = youngUntil;
            part.GoodUntil = _outdatedCount != outdatedCount ? long.MinValue : Math.Max(youngUntil, readAt + Ticks(goodFor));
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private static TimeSpan Shorter(TimeSpan now, TimeSpan? before) => before < now ? before.Value : now;

    private sealed class Part(ReadPart read)
    {
        public ReadPart Read => read;

        public Task Reading { get; set; } = Task.CompletedTask;

        public Task CatchingUp { get; set; } = Task.CompletedTask;

        public long? AskedAt { get; set; }

        public long GoodUntil { get; set; } = long.MinValue;

        public long YoungUntil { get; set; } = long.MinValue;

        public Exception? Problem { get; set; }

        public TimeSpan? Took { get; set; }
    }
}
