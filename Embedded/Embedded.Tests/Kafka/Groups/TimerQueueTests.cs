using Embedded.Kafka.Groups;
using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka.Groups;

public sealed class TimerQueueTests
{
    [Fact]
    public void Deadlines_run_in_order_never_early_and_one_that_throws_stops_no_other()
    {
        var time = new FakeTimeProvider();
        var failures = new List<Exception>();
        var ran = new List<(string Name, long AtMs)>();
        using var timers = new TimerQueue(time, failures.Add);
        timers.At(200, () => ran.Add(("late", timers.NowMs)));
        timers.At(100, () => throw new InvalidOperationException("a bug"));
        timers.At(100, () => ran.Add(("early", timers.NowMs)));

        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Empty(ran);
        time.Advance(TimeSpan.FromMilliseconds(1));
        time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal([("early", 100), ("late", 200)], ran);
        Assert.Single(failures);
    }

    [Fact]
    public void A_gap_counts_for_at_most_one_step()
    {
        var time = new FakeTimeProvider();
        using var timers = new TimerQueue(time, _ => { });

        time.Advance(TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromMilliseconds(TimerQueue.TickMs));

        Assert.InRange(timers.NowMs, TimerQueue.MaxStepMs, TimerQueue.MaxStepMs + TimerQueue.TickMs);
    }
}
