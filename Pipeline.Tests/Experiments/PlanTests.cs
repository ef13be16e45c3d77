using Embedded.Tests.Support;
using Pipeline.Latency;
using Pipeline.Latency.Results;
using Pipeline.Latency.Running;

namespace Pipeline.Tests.Experiments;

public sealed class PlanTests
{
    [Fact]
    public void A_sweep_measures_every_rate_with_every_number_of_producers_and_shares_of_the_capacity()
    {
        var sweep = Profile.All.Single(profile => profile.Name == "sweep");

        var plan = Plan.Of(OptionsOf(sweep, seed: 1), capacityPerSecond: 1_000);

        Assert.Equal(3 * (5 * 3 + 4), plan.Length);
        Assert.Equal([60, 100, 140, 180], plan.Select(run => run.RatePerProducer).Where(rate => rate > 50).Distinct().Order());
        Assert.All(plan, run => Assert.Equal(75, run.Sending.TotalSeconds, tolerance: 1));
    }

    [Fact]
    public void The_seed_decides_the_order_of_the_runs()
    {
        string[] Order(int seed) => [.. Plan.Of(OptionsOf(Profile.Default, seed), 0).Select(run => run.Name)];

        Assert.Equal(Order(1), Order(1));
        Assert.Equal(Order(1).Order(), Order(2).Order());
        Assert.Contains(Enumerable.Range(2, 5), seed => !Order(seed).SequenceEqual(Order(1)));
    }

    [Fact]
    public void The_progress_line_tells_the_time_left_of_all_runs()
    {
        var plan = Plan.Of(OptionsOf(Profile.Default, seed: 1), 0);
        using var output = new StringWriter();

        var line = new Latency.Running.ProgressLine(output, isTerminal: false, new FakeTimeProvider()).Line(plan, 3, TimeSpan.FromSeconds(30));

        Assert.StartsWith("run 4 of 5: ", line, StringComparison.Ordinal);
        Assert.EndsWith("0:30 of about 1:30; all done in about 3 minutes", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3", new[] { 3 })]
    [InlineData("5,1,2", new[] { 1, 2, 5 })]
    [InlineData("1-3,8", new[] { 1, 2, 3, 8 })]
    public void Numbers_are_lists_and_ranges(string text, int[] expected) => Assert.Equal(expected, Numbers.Whole("--producers", text, 1, 10));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("11")]
    [InlineData("1-2-3")]
    [InlineData("-1")]
    public void Other_numbers_are_refused_by_the_name_of_their_option(string text) =>
        Assert.Contains(
            "--producers", Assert.Throws<ExperimentException>(() => Numbers.Whole("--producers", text, 1, 10)).Message, StringComparison.Ordinal);

    private static LatencyOptions OptionsOf(Profile profile, int seed) => new()
    {
        Profile = profile,
        Producers = profile.Producers,
        Rates = profile.Rates,
        Arrival = Arrivals.Uniform,
        Images = null,
        CapacityShares = profile.CapacityShares,
        WarmUpSeconds = profile.WarmUpSeconds,
        Repetitions = profile.Repetitions,
        Replicas = 1,
        Seed = seed,
        CorrectClocks = false,
        Directory = "",
        KeepTraces = false,
    };
}
