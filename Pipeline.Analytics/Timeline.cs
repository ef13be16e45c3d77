namespace Pipeline.Analytics;

/// <summary>When one image was where. Milliseconds, which is what the store keeps.</summary>
/// <param name="CapturedAt">By the camera's clock, believable or not; the others are by ours.</param>
/// <param name="IsWhole">Whether image and prediction are there.</param>
/// <param name="IsCorrect">Null while there is no prediction, and where nobody has said what is right.</param>
internal readonly record struct ImageTimes(string Producer, DateTime? CapturedAt, DateTime? InferredAt, DateTime? StoredAt, bool IsWhole, bool? IsCorrect)
{
    /// <summary>From capture to the whole document, by two clocks; null while it is not whole.</summary>
    public TimeSpan? Way => IsWhole ? StoredAt - CapturedAt : null;
}

/// <summary>The state of the pipeline at the end of one second, over the <see cref="Timeline.Window"/> before it.</summary>
/// <param name="Second">Unix time of the second's end.</param>
/// <param name="Sent">Images a second; null where not known. So are the next two.</param>
/// <param name="Inferred">Predictions a second.</param>
/// <param name="Stored">Documents a second that became whole.</param>
/// <param name="P50Ms">Milliseconds from capture to the whole document; null where nothing was stored. So are the next two.</param>
/// <param name="AccuracyPercent">Correct among those stored with a truth; null where there are none. What was given later the chart does not know.</param>
/// <param name="LatencyLeavesOutImages">Images stored that are in no percentile, because their camera's clock is off.</param>
/// <param name="LatencyLeavesOutCameras">How many cameras these are of.</param>
internal sealed record TimelinePoint(
    long Second, double? Sent = null, double? Inferred = null, double? Stored = null, long? P50Ms = null, long? P95Ms = null, long? P99Ms = null,
    double? AccuracyPercent = null, int LatencyLeavesOutImages = 0, int LatencyLeavesOutCameras = 0);

/// <summary>The last minutes by arrival, a point a second, made of the images' own times: opening the page shows what was before.</summary>
internal sealed class Timeline
{
    /// <summary>Points kept.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(5);

    /// <summary>What one point is computed over: long enough for a p99 of a few cameras, short enough to move.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>A write is stamped before it is visible. Seconds are counted when they are this old, and counted again until twice that.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private static readonly long LengthSeconds = (long)Length.TotalSeconds;
    private static readonly long WindowSeconds = (long)Window.TotalSeconds;
    private static readonly long SettlingSeconds = (long)Settling.TotalSeconds;

    private readonly SortedDictionary<long, Counts> _seconds = [];
    private readonly SortedDictionary<long, TimelinePoint> _points = [];
    private readonly Queue<(DateTimeOffset At, long Total)> _sent = new();
    private readonly CameraClocks _clocks = new();

    /// <summary>Cameras whose clock is notably ahead (above zero) or behind.</summary>
    public IReadOnlyDictionary<string, TimeSpan> ClockSkews => _clocks.Skews;

    /// <summary>Oldest first; without gaps in time only as long as somebody looks.</summary>
    public IReadOnlyList<TimelinePoint> Points => [.. _points.Values];

    /// <summary>The first second whose images the next <see cref="Absorb"/> should hold.</summary>
    public DateTimeOffset NeededFrom(DateTimeOffset now)
    {
        var oldest = Second(now) - LengthSeconds - WindowSeconds;
        return DateTimeOffset.FromUnixTimeSeconds(_seconds.Count == 0 ? oldest : Math.Max(oldest, _seconds.Last().Key - SettlingSeconds));
    }

    /// <summary>Takes in what was stored or inferred from some second on.</summary>
    /// <param name="images">All images stored since <paramref name="from"/>, newest first; older ones do no harm.</param>
    /// <param name="broker">What the broker said last, if it did: how many images were sent.</param>
    public void Absorb(IReadOnlyList<ImageTimes> images, DateTimeOffset from, DateTimeOffset now, BrokerState? broker)
    {
        var (first, end) = (Second(from), Second(now) - SettlingSeconds);
        for (var second = first; second < end; second++)
        {
            _seconds[second] = new Counts();
        }
        _clocks.Observe(images.Reverse(), (now - Length).UtcDateTime);
        foreach (var image in images)
        {
            Count(image, first, end);
        }
        Sample(now, broker);
        for (var second = first; second < end; second++)
        {
            _points[second + 1] = PointAt(second);
        }
        Forget(_seconds, end - WindowSeconds - SettlingSeconds);
        Forget(_points, end - LengthSeconds + 1);
    }

    /// <summary>
    /// The smallest value that at least that share of the values do not exceed: a latency that an image had. The latency experiment, which
    /// compares distributions and counts lost images as infinite, interpolates between two.
    /// </summary>
    /// <param name="sorted">At least one.</param>
    public static long Percentile(IReadOnlyList<long> sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];

    private void Count(ImageTimes image, long first, long end)
    {
        var isClockOff = image.Way < TimeSpan.Zero || ClockSkews.ContainsKey(image.Producer);
        if (At(isClockOff ? image.StoredAt : image.CapturedAt) is { } captured)
        {
            captured.Sent++;
        }
        if (At(image.InferredAt) is { } inferred)
        {
            inferred.Inferred++;
        }
        if (image.IsWhole && At(image.StoredAt) is { } stored)
        {
            stored.Stored++;
            stored.Compared += image.IsCorrect is null ? 0 : 1;
            stored.Correct += image.IsCorrect is true ? 1 : 0;
            if (isClockOff)
            {
                stored.LeftOut.Add(image.Producer);
            }
            else if (image.Way is { } way)
            {
                stored.LatenciesMs.Add((long)way.TotalMilliseconds);
            }
        }

        Counts? At(DateTime? time) =>
            time is { } known && Second(known) is var second && second >= first && second < end ? _seconds[second] : null;
    }

    private TimelinePoint PointAt(long last)
    {
        var window = new List<Counts>((int)WindowSeconds);
        for (var second = last - WindowSeconds + 1; second <= last; second++)
        {
            if (!_seconds.TryGetValue(second, out var counts))
            {
                return new TimelinePoint(last + 1);
            }
            window.Add(counts);
        }
        var latenciesMs = window.SelectMany(counts => counts.LatenciesMs).Order().ToList();
        var leftOut = window.SelectMany(counts => counts.LeftOut).ToList();
        var compared = window.Sum(counts => counts.Compared);
        return new TimelinePoint(
            last + 1,
            SampledSent(last) ?? PerSecond(counts => counts.Sent),
            PerSecond(counts => counts.Inferred),
            PerSecond(counts => counts.Stored),
            At(0.50), At(0.95), At(0.99),
            compared == 0 ? null : Math.Round(100.0 * window.Sum(counts => counts.Correct) / compared, 2),
            leftOut.Count, leftOut.Distinct(StringComparer.Ordinal).Count());

        double PerSecond(Func<Counts, int> count) => window.Sum(count) / Window.TotalSeconds;

        long? At(double share) => latenciesMs.Count == 0 ? null : Percentile(latenciesMs, share);
    }

    // What was sent and is not stored yet only the broker knows; what it counted before anybody looked is gone.
    private double? SampledSent(long last)
    {
        var samples = _sent.Where(sample => Second(sample.At) <= last + SettlingSeconds).ToList();
        var elapsed = samples.Count < 2 ? TimeSpan.Zero : samples[^1].At - samples[0].At;
        return elapsed < Window / 2 ? null : (samples[^1].Total - samples[0].Total) / elapsed.TotalSeconds;
    }

    private void Sample(DateTimeOffset now, BrokerState? broker)
    {
        if (broker is { } state && (_sent.Count == 0 || state.At > _sent.Last().At))
        {
            _sent.Enqueue((state.At, state.Sent));
        }
        while (_sent.TryPeek(out var oldest) && now - oldest.At > Window)
        {
            _sent.Dequeue();
        }
    }

    private static void Forget<T>(SortedDictionary<long, T> bySecond, long before)
    {
        foreach (var second in bySecond.Keys.TakeWhile(second => second < before).ToList())
        {
            bySecond.Remove(second);
        }
    }

    private static long Second(DateTimeOffset time) => time.ToUnixTimeSeconds();

    private static long Second(DateTime time) => Second(new DateTimeOffset(time));

    private sealed class Counts
    {
        public int Sent { get; set; }

        public int Inferred { get; set; }

        public int Stored { get; set; }

        public int Compared { get; set; }

        public int Correct { get; set; }

        public List<long> LatenciesMs { get; } = [];

        /// <summary>The camera of each image whose latency nobody can tell.</summary>
        public List<string> LeftOut { get; } = [];
    }
}
