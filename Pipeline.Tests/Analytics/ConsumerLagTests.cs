using Pipeline.Analytics;

namespace Pipeline.Tests.Analytics;

public sealed class ConsumerLagTests
{
    [Theory]
    [InlineData(null, 100)]
    [InlineData(300L, 100)]
    [InlineData(950L, 50)]
    [InlineData(1_010L, 0)]
    public void What_retention_has_removed_nobody_is_behind_with(long? committed, long lag) =>
        Assert.Equal(lag, new PartitionLag("inference", "image_data", 0, Start: 900, End: 1_000, committed).Lag);
}
