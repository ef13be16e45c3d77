using Pipeline.Analytics;
using Pipeline.Contracts.Options;

namespace Pipeline.Tests.Analytics;

/// <summary>How long the disk lasts.</summary>
public sealed class DiskStateTests
{
    // 1,000 images a day: 9 MB of pictures and 1 MB of documents.
    [Theory]
    [InlineData(100, 0, null, null, 10.0, null)]
    [InlineData(100, 99, null, null, 10.0, null)]
    [InlineData(100, 0, "5d", null, 55.0, null)]                // five days of both, then documents alone
    [InlineData(100, 5, "5d", null, 100.0, null)]               // the first pictures go already
    [InlineData(100, 0, "5d", "50d", null, 95L)]                // 5 × 9 + 50 × 1
    [InlineData(90, 0, "5d", "50d", 45.0, 95L)]
    [InlineData(1, 50, "5d", "50d", null, 95L)]                 // as much goes as comes
    [InlineData(100, 0, null, "9d", null, 90L)]
    [InlineData(100, 0, "9d", "5d", null, 50L)]
    public void It_lasts_until_it_is_full_or_as_much_goes_as_comes(
        long freeMB, double ageDays, string? images, string? documents, double? days, long? settlesAtMB)
    {
        var disk = DiskState.Of(
            freeMB * 1_000_000, 1_000_000_000, 0, 1_000, ageDays, 9_000, 1_000, new KeepOptions { Images = images, Documents = documents });

        Assert.Equal((days, settlesAtMB, 10_000_000L),
            (disk.DaysLeft is { } left ? Math.Round(left, 6) : (double?)null, disk.SettlesAtBytes / 1_000_000, disk.BytesPerDay));
    }
}
