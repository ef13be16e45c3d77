using Pipeline.Producer;

namespace Pipeline.Tests.Producer;

public class SensorNoiseTests
{
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.04)]
    [InlineData(0.08)]
    public void Noise_has_mean_zero_and_the_sigma_asked_for(double sigma)
    {
        var differences = Differences(new SensorNoise(sigma, seed: 5), count: 1_000_000);

        var expected = Math.Sqrt(Math.Pow(sigma * 255, 2) + 1 / 12.0);                 // rounding to whole levels adds a twelfth
        Assert.InRange(differences.Average(), -0.05, 0.05);
        Assert.InRange(Math.Sqrt(differences.Average(d => (double)d * d)), expected * 0.99, expected * 1.01);
    }

    [Fact]
    public void Noise_is_normal_in_its_shoulders_and_tails()
    {
        var differences = Differences(new SensorNoise(0.08, seed: 6), count: 1_000_000);

        Assert.InRange(Share(1), 0.6727, 0.6927);
        Assert.InRange(Share(2), 0.9495, 0.9595);
        Assert.InRange(Share(3), 0.9953, 0.9993);

        // Values are whole levels: half a level belongs to either side.
        double Share(double sigmas) => differences.Average(d => Math.Clamp(sigmas * 0.08 * 255 - Math.Abs(d) + 0.5, 0, 1));
    }

    [Fact]
    public void Neighbours_do_not_know_of_each_other()
    {
        var differences = Differences(new SensorNoise(0.08, seed: 7), count: 1_000_000);

        var variance = differences.Average(d => (double)d * d);
        foreach (var lag in new[] { 1, 2, 3, 4, 96, 3072 })
        {
            var covariance = Enumerable.Range(0, differences.Length - lag).Average(i => (double)differences[i] * differences[i + lag]);
            Assert.InRange(covariance / variance, -0.006, 0.006);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_noise_and_another_seed_another()
    {
        Assert.Equal(Differences(new SensorNoise(0.04, 1), 3072), Differences(new SensorNoise(0.04, 1), 3072));
        Assert.NotEqual(Differences(new SensorNoise(0.04, 1), 3072), Differences(new SensorNoise(0.04, 2), 3072));
    }

    [Fact]
    public void Black_stays_above_black_and_white_below_white()
    {
        var black = new byte[3072];
        var white = new byte[3072];
        Array.Fill(white, byte.MaxValue);
        var (noisyBlack, noisyWhite) = (new byte[3072], new byte[3072]);

        new SensorNoise(0.3, 1).Add(black, noisyBlack);
        new SensorNoise(0.3, 1).Add(white, noisyWhite);

        Assert.InRange(noisyBlack.Count(value => value == 0), 1200, 1900);               // half is clipped, and so does not wrap around
        Assert.InRange(noisyWhite.Count(value => value == 255), 1200, 1900);
    }

    [Fact]
    public void Without_noise_a_picture_stays_as_it_is()
    {
        var picture = new byte[3072];
        new Random(1).NextBytes(picture);
        var same = new byte[3072];

        new SensorNoise(0, 1).Add(picture, same);

        Assert.Equal(picture, same);
    }

    /// <summary>What noise does to a mid-grey picture, where nothing is clipped.</summary>
    private static int[] Differences(SensorNoise noise, int count)
    {
        var grey = new byte[count];
        Array.Fill(grey, (byte)128);
        var noisy = new byte[count];
        noise.Add(grey, noisy);
        return Array.ConvertAll(noisy, value => value - 128);
    }
}
