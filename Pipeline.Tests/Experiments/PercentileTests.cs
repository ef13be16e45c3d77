using Pipeline.Latency.Statistics;

namespace Pipeline.Tests.Experiments;

/// <summary>Expected values are those of Python's <c>statistics.quantiles(values, n=1000, method='inclusive')</c>.</summary>
public sealed class PercentileTests
{
    [Theory]
    [InlineData(new[] { 7.0 }, 0.95, 7.0)]
    [InlineData(new[] { 1.0, 2.0 }, 0.5, 1.5)]
    [InlineData(new[] { 1.0, 2.0 }, 0.9, 1.9)]
    [InlineData(new[] { 3.0, 5.0, 8.0, 9.0, 12.0, 13.0, 21.0, 34.0, 55.0, 89.0 }, 0.25, 8.25)]
    [InlineData(new[] { 3.0, 5.0, 8.0, 9.0, 12.0, 13.0, 21.0, 34.0, 55.0, 89.0 }, 0.5, 12.5)]
    [InlineData(new[] { 3.0, 5.0, 8.0, 9.0, 12.0, 13.0, 21.0, 34.0, 55.0, 89.0 }, 0.9, 58.4)]
    [InlineData(new[] { 3.0, 5.0, 8.0, 9.0, 12.0, 13.0, 21.0, 34.0, 55.0, 89.0 }, 0.95, 73.7)]
    [InlineData(new[] { 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 5.0 }, 0.9, 2.3)]
    [InlineData(new[] { 4.0, 4.0, 4.0, 4.0 }, 0.99, 4.0)]
    public void Percentiles_are_those_of_the_reference(double[] sorted, double p, double expected) =>
        Assert.Equal(expected, Percentile.Of(sorted, p), tolerance: 1e-9);

    [Theory]
    [InlineData(0.5, 249500.5, 166.0)]
    [InlineData(0.9, 808380.9, 299.1)]
    [InlineData(0.95, 900695.95, 316.0)]
    [InlineData(0.99, 978140.79, 329.01)]
    [InlineData(0.999, 996005.997, 332.001)]
    public void A_thousand_values_have_the_percentiles_of_the_reference(double p, double expected, double expectedWithTies)
    {
        double[] squares = [.. Enumerable.Range(0, 1000).Select(i => (double)i * i)];
        double[] threes = [.. Enumerable.Range(0, 1000).Select(i => (double)(i / 3))];

        Assert.Equal(expected, Percentile.Of(squares, p), tolerance: 1e-6);
        Assert.Equal(expectedWithTies, Percentile.Of(threes, p), tolerance: 1e-6);
    }

    [Fact]
    public void A_quantile_among_lost_images_is_infinite_and_one_below_them_is_not()
    {
        double[] sorted = [1, 2, 3, 4, 5, 6, 7, 8, double.PositiveInfinity, double.PositiveInfinity];

        Assert.Equal(5.5, Percentile.Of(sorted, 0.5));
        Assert.Equal(double.PositiveInfinity, Percentile.Of(sorted, 0.9));
        Assert.Equal(double.PositiveInfinity, Percentile.Of(sorted, 0.8));
    }
}
