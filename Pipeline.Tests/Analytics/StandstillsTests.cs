using Embedded.Tests.Support;
using Pipeline.Analytics;

namespace Pipeline.Tests.Analytics;

public sealed class StandstillsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Standstills _standstills;

    public StandstillsTests() => _standstills = new(_time);

    [Fact]
    public void A_group_that_does_not_move_while_records_wait_is_named_with_what_waits()
    {
        Observe(seconds: 8, end: 1_500, committed: 266);

        Assert.Equal(["inference stands still: 1,234 records of image_data wait, none done for 9 s"], _standstills.Observe([Lag(1_500, 266)]));
    }

    [Fact]
    public void One_that_moves_or_has_nothing_to_do_is_not()
    {
        for (var committed = 0; committed < 10; committed++)
        {
            Assert.Empty(_standstills.Observe([Lag(1_000, committed)]));
            _time.Advance(TimeSpan.FromSeconds(4));
        }
        Observe(seconds: 20, end: 1_000, committed: 1_000);

        Assert.Empty(_standstills.Observe([Lag(1_000, 1_000)]));
    }

    [Fact]
    public void What_nobody_looked_at_is_looked_at_anew()
    {
        Observe(seconds: 2, end: 10, committed: 0);
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Empty(_standstills.Observe([Lag(10, 0)]));
    }

    private void Observe(int seconds, long end, long committed)
    {
        for (var i = 0; i <= seconds; i++)
        {
            _standstills.Observe([Lag(end, committed)]);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static PartitionLag Lag(long end, long committed) => new("inference", "image_data", 0, 0, end, committed);
}
