using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Tests.Telemetry;

public sealed class AnchoredTimeProviderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TwoClocks _clocks = new();

    [Fact]
    public void Small_corrections_of_the_wall_clock_do_not_bend_durations()
    {
        var time = new AnchoredTimeProvider(_clocks);
        var before = time.GetUtcNow();

        _clocks.Pass(TimeSpan.FromSeconds(2));
        _clocks.WallClock -= TimeSpan.FromMilliseconds(50);

        Assert.Equal(TimeSpan.FromSeconds(2), time.GetUtcNow() - before);
    }

    [Fact]
    public void A_clock_that_was_set_is_followed()
    {
        var time = new AnchoredTimeProvider(_clocks);

        _clocks.WallClock += TimeSpan.FromHours(1);
        Assert.Equal(Noon.AddHours(1), time.GetUtcNow());

        _clocks.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(Noon.AddHours(1).AddSeconds(1), time.GetUtcNow());
    }

    /// <summary>A wall clock that can be set, and a monotonic one that cannot.</summary>
    private sealed class TwoClocks : TimeProvider
    {
        private long _ticks;

        public DateTimeOffset WallClock { get; set; } = Noon;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time)
        {
            WallClock += time;
            _ticks += time.Ticks;
        }

        public override DateTimeOffset GetUtcNow() => WallClock;

        public override long GetTimestamp() => _ticks;
    }
}
