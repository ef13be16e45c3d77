using Pipeline.Producer;

namespace Pipeline.Tests.Producer;

public class CameraWorkerTests
{
    [Theory]
    [InlineData(1, 8, "0")]
    [InlineData(2, 8, "0 4")]
    [InlineData(4, 8, "0 2 4 6")]
    [InlineData(8, 8, "0 1 2 3 4 5 6 7")]
    [InlineData(10, 4, "0 1 2 3 0 1 2 3 0 1")]
    [InlineData(3, 1, "0 0 0")]
    public void Cameras_spread_over_all_partitions(int cameras, int partitions, string expected) =>
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, cameras).Select(index => CameraWorker.PartitionOf(index, cameras, partitions))));
}
