using Embedded.Aspire.Dashboard.Pages.Charts;
using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Tests.Dashboard.Pages;

public sealed class DistributionTests
{
    private static readonly double[] Bounds = [1, 2, 4];

    [Fact]
    public void A_quantile_lies_within_its_bucket_in_proportion()
    {
        var distribution = Distribution.Explicit(Bounds, [0, 10, 10, 0], sum: 45);

        Assert.Equal(2, distribution.Quantile(0.5), 9);
        Assert.Equal(3, distribution.Quantile(0.75), 9);
        Assert.Equal(4, distribution.Quantile(1), 9);
    }

    [Fact]
    public void What_lies_above_all_bounds_is_said_to_be_at_the_last_one() =>
        Assert.Equal(4, Distribution.Explicit(Bounds, [0, 0, 0, 5], sum: 500).Quantile(0.9));

    [Fact]
    public void Without_measurements_there_is_no_quantile()
    {
        Assert.True(double.IsNaN(Distribution.Empty.Quantile(0.5)));
        Assert.True(double.IsNaN(Distribution.Explicit([], [7], sum: 1).Quantile(0.5)));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    public void A_quantile_of_an_exponential_histogram_is_as_exact_as_its_scale(double q)
    {
        var values = Enumerable.Range(1, 10_000).Select(number => number / 1000.0).ToArray();

        var quantile = OfScale(5, values).Quantile(q);

        Assert.InRange(quantile, q * 10 * 0.978, q * 10 * 1.022);
    }

    [Fact]
    public void Negative_values_and_zero_come_before_the_positive_ones()
    {
        var distribution = Distribution.Exponential(0, zeroCount: 2, zeroThreshold: 0, negative: new(0, [1]), positive: new(0, [1]), sum: 0);

        Assert.InRange(distribution.Quantile(0.1), -2, -1);
        Assert.Equal(0, distribution.Quantile(0.5));
        Assert.InRange(distribution.Quantile(0.9), 1, 2);
    }

    [Fact]
    public void An_interval_is_cut_out_of_running_totals()
    {
        var interval = Distribution.Explicit(Bounds, [5, 7, 0, 1], sum: 20).Minus(Distribution.Explicit(Bounds, [5, 3, 0, 1], sum: 13));

        Assert.Equal((4, 7), (interval.Count, interval.Sum));
        Assert.InRange(interval.Quantile(0.5), 1, 2);
    }

    [Fact]
    public void A_total_that_falls_began_anew()
    {
        var restarted = Distribution.Explicit(Bounds, [1, 0, 0, 0], sum: 1);

        Assert.Same(restarted, restarted.Minus(Distribution.Explicit(Bounds, [9, 9, 9, 9], sum: 99)));
    }

    [Fact]
    public void Of_two_scales_the_coarser_one_holds_for_both()
    {
        double[] early = [0.3, 1.5, 3.1, 700], late = [0.3, 1.7, 12];

        var interval = OfScale(1, [.. early, .. late]).Minus(OfScale(4, early));
        var together = OfScale(4, early).Plus(OfScale(1, late));

        Assert.Equal(OfScale(1, late).Buckets, interval.Buckets.Where(bucket => bucket.Count > 0));
        Assert.Equal(OfScale(1, [.. early, .. late]).Buckets, together.Buckets);
        Assert.Equal(1, together.Scale);
    }

    private static Distribution OfScale(int scale, double[] values)
    {
        var indices = values.Select(value => (int)Math.Ceiling(Math.Log2(value) * Math.Pow(2, scale)) - 1).ToArray();
        var counts = new ulong[indices.Max() - indices.Min() + 1];
        foreach (var index in indices) counts[index - indices.Min()]++;
        return Distribution.Exponential(scale, 0, 0, ExponentialBuckets.None, new(indices.Min(), counts), values.Sum());
    }
}
