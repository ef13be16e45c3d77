using Pipeline.Analytics;

namespace Pipeline.Tests.Analytics;

public sealed class BrokerStateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_moves_with_each_record_and_each_commit_and_rests_between_them()
    {
        var first = State(second: 0, sent: 10, committed: 4).After(null);
        var sent = State(second: 1, sent: 11, committed: 4).After(first);
        var committed = State(second: 2, sent: 11, committed: 11).After(sent);
        var resting = State(second: 3, sent: 11, committed: 11).After(committed);
        var still = State(second: 9, sent: 11, committed: 11).After(resting);

        Assert.Equal([0, 1, 2, 2, 2], new[] { first, sent, committed, resting, still }.Select(state => (state.MovedAt - Noon).TotalSeconds));
    }

    private static BrokerState State(int second, long sent, long committed) => new(
        Noon.AddSeconds(second), sent, DeadLettered: 0, [new PartitionLag("db-consumer", "image_data", Partition: 0, Start: 0, End: sent, committed)], []);
}
