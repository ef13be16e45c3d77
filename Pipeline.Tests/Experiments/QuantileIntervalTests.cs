using Pipeline.Latency.Statistics;

namespace Pipeline.Tests.Experiments;

[Trait("Speed", "slow")]
public sealed class QuantileIntervalTests
{
    private const int Trials = 200;
    private const int Count = 1_200;

    private static readonly double[] Quantiles = [0.5, 0.9, 0.95];

    [Fact]
    public void Intervals_of_independent_samples_cover_the_truth()
    {
        // Exponential latencies: the quantile is known exactly.
        var covered = Coverage(random => [.. Enumerable.Range(0, Count).Select(_ => Exponential(random))], p => -Math.Log(1 - p));

        Assert.All(covered, share => Assert.InRange(share, 0.93, 1));
    }

    [Fact]
    public void Intervals_of_neighbours_that_resemble_each_other_cover_the_truth()
    {
        // A queue's memory: each latency is half its predecessor's. The sum of normal values is normal, so the quantile is known.
        const double memory = 0.5;
        var deviation = 1 / Math.Sqrt(1 - memory * memory);
        double[] z = [0, 1.2815515655, 1.6448536270];

        var covered = Coverage(random => Remembering(random, memory, deviation), p => 10 + deviation * z[Array.IndexOf(Quantiles, p)]);

        Assert.All(covered, share => Assert.InRange(share, 0.93, 1));
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_a_similar_one()
    {
        var samples = Enumerable.Range(0, Count).Select(i => (double)(i * 7919 % 1201)).ToArray();

        var first = QuantileInterval.Of(samples, [0.9], 50, seed: 1);

        Assert.Equal(first, QuantileInterval.Of(samples, [0.9], 50, seed: 1));
        Assert.Equal(first[0].Low, QuantileInterval.Of(samples, [0.9], 50, seed: 2)[0].Low, tolerance: 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_handful_of_samples_has_an_interval_around_its_median(int count)
    {
        double[] samples = [.. Enumerable.Range(1, count).Select(i => (double)i)];

        var estimate = Assert.Single(QuantileInterval.Of(samples, [0.5], QuantileInterval.BlockLength(count, perSecond: 20), seed: 1));

        Assert.InRange(estimate.Low, 1, estimate.Value);
        Assert.InRange(estimate.High, estimate.Value, count);
    }

    [Fact]
    public void An_interval_never_reaches_outside_the_sample()
    {
        // The last tenth, one pause, is twice as slow: resamples have more of it or none.
        double[] samples = [.. Enumerable.Range(0, 200).Select(i => i < 180 ? 100.0 : 200.0)];

        var estimate = Assert.Single(QuantileInterval.Of(samples, [0.9], QuantileInterval.BlockLength(samples.Length, perSecond: 20), seed: 1));

        Assert.Equal((100, 200), (estimate.Low, estimate.High));
    }

    private static double[] Coverage(Func<Random, double[]> draw, Func<double, double> truth)
    {
        var random = new Random(42);
        var covered = new int[Quantiles.Length];
        for (var trial = 0; trial < Trials; trial++)
        {
            var estimates = QuantileInterval.Of(draw(random), Quantiles, QuantileInterval.BlockLength(Count, perSecond: 20), seed: trial);
            for (var i = 0; i < Quantiles.Length; i++)
            {
                covered[i] += estimates[i].Low <= truth(Quantiles[i]) && truth(Quantiles[i]) <= estimates[i].High ? 1 : 0;
            }
        }

        return Array.ConvertAll(covered, count => count / (double)Trials);
    }

    private static double[] Remembering(Random random, double memory, double deviation)
    {
        var samples = new double[Count];
        var last = deviation * Normal(random);
        for (var i = 0; i < Count; i++)
        {
            samples[i] = 10 + (last = memory * last + Normal(random));
        }

        return samples;
    }

    private static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
