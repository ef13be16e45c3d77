namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>
/// The time of day, counted on from one anchor with the monotonic clock: instants of a process never go backwards and their
/// differences are durations, so the stages of an image add up exactly. Where the clock was set meanwhile, it follows.
/// </summary>
internal sealed class AnchoredTimeProvider(TimeProvider system) : TimeProvider
{
    /// <summary>How far the wall clock may be away: the kernel slews both clocks alike, so more than this is a clock that was set.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(100);

    private Anchor _anchor = new(system.GetUtcNow(), system.GetTimestamp());

    public override long TimestampFrequency => system.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => system.LocalTimeZone;

    public override long GetTimestamp() => system.GetTimestamp();

    public override DateTimeOffset GetUtcNow()
    {
        var anchor = Volatile.Read(ref _anchor);
        var timestamp = system.GetTimestamp();
        var now = anchor.WallClock + system.GetElapsedTime(anchor.Timestamp, timestamp);
        var wallClock = system.GetUtcNow();
        if ((wallClock - now).Duration() <= Tolerance)
        {
            return now;
        }

        Volatile.Write(ref _anchor, new Anchor(wallClock, timestamp));
        return wallClock;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        system.CreateTimer(callback, state, dueTime, period);

    private sealed record Anchor(DateTimeOffset WallClock, long Timestamp);
}
