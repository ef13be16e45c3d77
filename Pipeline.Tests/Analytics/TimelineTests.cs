using Pipeline.Analytics;

namespace Pipeline.Tests.Analytics;

public sealed class TimelineTests
{
    private static readonly DateTimeOffset Now = new(ADocument.Noon);

    private readonly Timeline _timeline = new();

    [Theory]
    [InlineData(0.50, 50)]
    [InlineData(0.95, 95)]
    [InlineData(0.99, 99)]
    [InlineData(1.00, 100)]
    [InlineData(0.00, 1)]
    public void A_percentile_is_the_smallest_value_that_the_share_does_not_exceed(double share, long expected) =>
        Assert.Equal(expected, Timeline.Percentile([.. Enumerable.Range(1, 100).Select(value => (long)value)], share));

    [Fact]
    public void The_percentile_of_one_value_is_that_value() => Assert.Equal(7, Timeline.Percentile([7], 0.99));

    [Fact]
    public void A_point_covers_the_seconds_before_it()
    {
        // Ten a second, the slower the later in its second; one in ten is wrong.
        var images = Enumerable.Range(0, 600).Select(index => Image(
            storedAt: Now.AddSeconds(-60).AddMilliseconds(100 * index), latencyMs: 10 * (1 + index % 10), isCorrect: index % 10 != 3)).ToList();

        Absorb(images, Now);

        var point = _timeline.Points[^1];
        Assert.Equal((10.0, 10.0, 90.0), (point.Stored!.Value, point.Inferred!.Value, point.AccuracyPercent!.Value));
        Assert.Equal((50L, 100L, 100L), (point.P50Ms, point.P95Ms, point.P99Ms));
        Assert.Equal(Now.AddSeconds(-1).ToUnixTimeSeconds(), point.Second);
    }

    [Fact]
    public void What_is_stored_without_a_truth_is_neither_right_nor_wrong()
    {
        bool?[] verdicts = [true, false, true, null];

        Absorb(
            [.. Enumerable.Range(0, 600).Select(index => Image(Now.AddSeconds(-60).AddMilliseconds(100 * index), latencyMs: 5, verdicts[index % 4]))],
            Now);

        Assert.Equal((10.0, 66.67), (_timeline.Points[^1].Stored!.Value, _timeline.Points[^1].AccuracyPercent!.Value));
    }

    [Fact]
    public void The_first_look_shows_the_minutes_before_it()
    {
        Absorb([Image(Now.AddMinutes(-4), latencyMs: 25)], Now);

        var then = _timeline.Points.Single(point => point.Second == Now.AddMinutes(-4).AddSeconds(1).ToUnixTimeSeconds());
        Assert.Equal((25L, 0.1), (then.P50Ms, then.Stored));
        Assert.InRange(_timeline.Points.Count, 290, 300);
    }

    [Fact]
    public void Seconds_in_which_nothing_was_stored_have_no_latency_and_no_accuracy()
    {
        Absorb([], Now);

        Assert.All(_timeline.Points.Skip(20), point => Assert.Equal((0.0, null, null), (point.Stored, point.P99Ms, point.AccuracyPercent)));
    }

    [Fact]
    public void Time_before_what_was_read_is_unknown_and_not_zero()
    {
        _timeline.Absorb([Image(Now.AddSeconds(-5), latencyMs: 25)], Now.AddSeconds(-12), Now, broker: null);

        Assert.Null(_timeline.Points[0].Stored);
        Assert.NotNull(_timeline.Points[^1].Stored);
    }

    [Fact]
    public void Looking_again_counts_nothing_twice()
    {
        List<ImageTimes> images = [.. Enumerable.Range(0, 20).Select(index => Image(Now.AddSeconds(-index), latencyMs: 5))];

        for (var look = 0; look < 5; look++)
        {
            Absorb(images, Now.AddSeconds(look));
        }

        Assert.All(_timeline.Points.TakeLast(3), point => Assert.InRange(point.Stored!.Value, 0.6, 1.0));
        Assert.Equal(_timeline.Points.Select(point => point.Second).Distinct().Count(), _timeline.Points.Count);
    }

    [Fact]
    public void What_is_sent_and_not_stored_shows_as_sent()
    {
        for (var second = 0; second <= 10; second++)
        {
            var broker = new BrokerState(Now.AddSeconds(second), Sent: 1_000 + 40 * second, DeadLettered: 0, [], []);
            _timeline.Absorb([], _timeline.NeededFrom(Now.AddSeconds(second)), Now.AddSeconds(second), broker);
        }

        var point = _timeline.Points[^1];
        Assert.Equal((40.0, 0.0), (point.Sent!.Value, point.Stored!.Value));
    }

    [Fact]
    public void Points_and_what_is_needed_for_them_are_bounded()
    {
        for (var minute = 0; minute < 30; minute++)
        {
            Absorb([], Now.AddMinutes(minute));
        }

        Assert.InRange(_timeline.Points.Count, 1, 300);
        Assert.True(_timeline.NeededFrom(Now.AddHours(9)) >= Now.AddHours(9).AddMinutes(-6));
    }

    private void Absorb(IReadOnlyList<ImageTimes> images, DateTimeOffset now) =>
        _timeline.Absorb(images, _timeline.NeededFrom(now), now, broker: null);

    private static ImageTimes Image(DateTimeOffset storedAt, int latencyMs, bool? isCorrect = true) => new(
        "camera-1", storedAt.UtcDateTime.AddMilliseconds(-latencyMs), storedAt.UtcDateTime, storedAt.UtcDateTime, IsWhole: true, isCorrect);
}
