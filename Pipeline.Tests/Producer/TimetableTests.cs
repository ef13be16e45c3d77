using Pipeline.Contracts.Options;
using Pipeline.Producer;

namespace Pipeline.Tests.Producer;

public class TimetableTests
{
    private const int Cameras = 4;
    private const double Rate = 20;

    [Fact]
    public void Uniform_cameras_share_the_interval_and_aligned_ones_its_beginning()
    {
        Assert.Equal([0, 12.5, 25, 37.5], First(Arrival.Uniform));
        Assert.Equal([0, 0, 0, 0], First(Arrival.Aligned));
        Assert.Equal([37.5, 87.5, 137.5], Times(Arrival.Uniform, index: 3, seed: 1).Take(3));
    }

    [Fact]
    public void Poisson_gaps_are_exponential_and_those_of_a_seed_are_the_same()
    {
        double[] times = [.. Times(Arrival.Poisson, index: 0, seed: 1).Take(20_001)];
        double[] gaps = [.. times.Zip(times.Skip(1), (one, next) => next - one)];

        Assert.Equal(times[..100], Times(Arrival.Poisson, index: 0, seed: 1).Take(100));
        Assert.NotEqual(times[..100], Times(Arrival.Poisson, index: 0, seed: 2).Take(100));
        // Of an exponential law, mean and deviation are equal, and a share of 1/e is above the mean.
        var mean = gaps.Average();
        Assert.Equal(1000 / Rate, mean, tolerance: 1);
        Assert.Equal(mean, Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean))), tolerance: 2);
        Assert.Equal(1 / Math.E, gaps.Count(gap => gap > mean) / (double)gaps.Length, tolerance: 0.02);
    }

    private static IEnumerable<double> First(Arrival arrival) =>
        Enumerable.Range(0, Cameras).Select(index => Times(arrival, index, seed: 1).First());

    /// <summary>Milliseconds, without end.</summary>
    private static IEnumerable<double> Times(Arrival arrival, int index, int seed)
    {
        var timetable = new Timetable(new ProducerOptions { Producers = Cameras, Rate = Rate, Arrival = arrival }, index, seed);
        while (true)
        {
            yield return timetable.Next().TotalMilliseconds;
        }
    }
}
