using Pipeline.Latency.Reporting;
using Pipeline.Latency.Results;
using Pipeline.Latency.Statistics;
using Pipeline.Latency.Traces;

namespace Pipeline.Tests.Experiments;

public sealed class CellTests
{
    private const long Due = 1_800_000_000_000_000_000;
    private const int Rate = 100;
    private const long Interval = 1_000_000_000 / Rate;

    [Fact]
    public void The_stages_of_every_image_add_up_to_its_latency_to_the_nanosecond()
    {
        var random = new Random(3);
        var samples = Samples(500,
            number => AnImage.Due(number, Due + number * Interval, stages: [.. AnImage.UsualStages.Select(_ => random.NextInt64(1, 9_999_999))]));

        Assert.All(samples, sample => Assert.Equal(
            sample.Between(Stamp.Scheduled, Stamp.WriteAcknowledged), Stages.All.Sum(stage => sample.Between(stage.From, stage.To))));
    }

    [Fact]
    public void The_stage_means_around_a_quantile_add_up_to_its_latency()
    {
        var cell = CellOf(Samples(2_000, number => AnImage.Due(number, Due
            + number * Interval, stages: [.. AnImage.UsualStages.Select(stage => stage + number % 100 * 10_000L)])));

        var near = cell.Result.StagesMs.P95Band!.Values.Sum();

        Assert.InRange(near, cell.Stored!.Quantile(0.93), cell.Stored.Quantile(0.97));
    }

    [Fact]
    public void A_lost_image_is_counted_and_worth_infinity()
    {
        var samples = Samples(1_000, Usual);
        foreach (var sample in samples.Where((_, i) => i % 50 == 7))
        {
            foreach (var stamp in (Stamp[])[Stamp.PredictionReceived, Stamp.WriteIssued, Stamp.WriteAcknowledged, Stamp.Echoed])
            {
                sample[stamp] = null;
            }
        }

        var result = CellOf(samples, stored: 980).Result;

        Assert.Equal((1_000, 20, 98.0), (result.N, result.Lost, result.AchievedPerS));
        Assert.Contains("lost_images", result.Flags);
        Assert.Equal(5.0, result.Endpoint.Stored!.P95!.V);
        Assert.Equal(double.PositiveInfinity, result.Endpoint.Stored.Max);
        Assert.Equal(double.PositiveInfinity, Percentile.Of(CellOf(samples, stored: 980).Stored!.Sorted, 0.99));
    }

    [Fact]
    public void An_image_that_the_store_has_but_no_trace_shows_makes_traces_incomplete_and_not_images_lost()
    {
        var samples = Samples(1_000, Usual);
        foreach (var sample in samples.Take(20))
        {
            sample[Stamp.WriteAcknowledged] = null;
        }

        var kept = CellOf(samples, stored: 1_000).Result;

        Assert.Equal((980, 0), (kept.N, kept.Lost));
    }

    [Fact]
    public void Below_99_percent_complete_traces_there_are_no_percentiles()
    {
        var samples = Samples(1_000, Usual).Take(985).ToArray();

        var result = CellOf(samples, stored: 1_000).Result;

        Assert.Null(result.Endpoint.Stored);
        Assert.Contains("incomplete_traces", result.Flags);
        Assert.Equal(0.985, result.TraceCompleteness);
    }

    [Fact]
    public void Too_few_samples_mark_a_quantile_and_far_too_few_leave_it_out()
    {
        var result = CellOf(Samples(500, Usual)).Result;

        Assert.NotNull(result.Endpoint.Stored!.P95);
        Assert.Null(result.Endpoint.Stored.P99);
        Assert.Contains("low_n_p95", result.Flags);
    }

    [Fact]
    public void A_skewed_clock_is_estimated_within_its_own_bound_and_can_be_corrected()
    {
        const long ahead = 20_000_000;
        var random = new Random(5);
        long[] Stages() => [.. AnImage.UsualStages.Select(stage => stage + random.NextInt64(0, 3_000_000))];
        IReadOnlyList<Sample> Skewed() =>
            Samples(1_000, number => AnImage.Due(number, Due + number * Interval, stages: Stages(), inferenceAhead: ahead));

        var seen = CellOf(Skewed()).Result;
        var corrected = CellOf(Skewed(), correctClocks: true).Result;

        Assert.InRange(ahead / 1e6, seen.Clock.ThetaMs!.Value - seen.Clock.BoundMs!.Value, seen.Clock.ThetaMs.Value + seen.Clock.BoundMs.Value);
        Assert.Contains("negative_stages_1000", seen.Flags);
        Assert.Contains("clocks_corrected", corrected.Flags);
        Assert.DoesNotContain(corrected.Flags, flag => flag.StartsWith("negative_stages", StringComparison.Ordinal));
        Assert.InRange(corrected.StagesMs.P50Band!["broker_images"], 0, 8);
    }

    [Fact]
    public void Warm_up_is_discarded_by_time_and_longer_while_medians_still_fall()
    {
        // 100 images a second; the first 20 seconds get faster and faster.
        var samples = Samples(9_000, number => AnImage.Due(number, Due + number * Interval,
            stages: [.. AnImage.UsualStages.Select(stage => stage * Math.Max(1, 20 - number / 100))]));

        var result = CellOf(samples, warmUpSeconds: 10).Result;

        Assert.InRange(result.WarmupS, 19, 22);
        Assert.Equal(5.0, result.Endpoint.Stored!.P95!.V);
        Assert.DoesNotContain("not_steady", result.Flags);
    }

    [Fact]
    public void Where_nothing_is_steady_the_longest_warm_up_is_discarded_and_the_row_says_so()
    {
        // Faster from the first image of 90 seconds to the last.
        var samples = Samples(9_000, number => AnImage.Due(number, Due + number * Interval,
            stages: [.. AnImage.UsualStages.Select(stage => (long)(stage * Math.Exp((9_000 - number) / 2_000.0)))]));

        var result = CellOf(samples, warmUpSeconds: 10).Result;

        Assert.Equal(30, result.WarmupS, tolerance: 0.1);
        var row = Table.Markdown([result], cell => cell.Endpoint.Stored).Last();
        Assert.Contains("| 30 | 6000 |", row, StringComparison.Ordinal);
        Assert.Contains("not_steady", row, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(1_000)]
    public void At_one_image_a_second_a_run_may_be_steady_and_its_warm_up_still_shows(int images)
    {
        const int slowUntil = 60;
        var random = new Random(4);
        (double, double)[] Run(double slower) =>
            [.. Enumerable.Range(0, images)
                .Select(second => ((double)second, (4 - 0.5 * Math.Log(1 - random.NextDouble())) * (second < slowUntil ? slower : 1)))];

        Assert.Equal((15, true), WarmUp.Find(Run(slower: 1), askedSeconds: 15));
        var (seconds, isSteady) = WarmUp.Find(Run(slower: 5), askedSeconds: 15);
        Assert.True(isSteady);
        Assert.InRange(seconds, 20, slowUntil);
    }

    [Fact]
    public void A_run_of_a_few_images_is_not_judged_and_loses_none()
    {
        (double, double)[] images = [.. Enumerable.Range(0, 20).Select(second => ((double)second, 20.0 - second))];

        Assert.Equal((0, false), WarmUp.Find(images, askedSeconds: 0));
    }

    [Theory]
    [InlineData(0.1, 0.1, false)]
    [InlineData(0.1, 3, false)]                              // a timer that is late now and then
    [InlineData(0.8, 0.8, true)]
    public void The_generator_limits_where_its_lag_is_a_good_part_of_the_latency(double usualLagMs, double rareLagMs, bool isLimited)
    {
        var samples = Samples(1_000, number => AnImage.Due(number, Due + number * Interval,
            stages: [(long)((number % 50 == 7 ? rareLagMs : usualLagMs) * 1e6), .. AnImage.UsualStages[1..]]));

        Assert.Equal(isLimited, CellOf(samples).Result.Flags.Contains("generator_limited"));
    }

    [Fact]
    public void Stages_near_a_quantile_that_lies_among_lost_images_are_not_told()
    {
        var samples = Samples(1_000, Usual);
        foreach (var sample in samples.Where((_, i) => i % 10 == 7))
        {
            sample[Stamp.WriteAcknowledged] = null;
        }

        var result = CellOf(samples, stored: 900).Result;

        Assert.Equal(double.PositiveInfinity, result.Endpoint.Stored!.P95!.V);
        Assert.Equal(5.0, result.StagesMs.P50Band!.Values.Sum(), tolerance: 0.001);
        Assert.Null(result.StagesMs.P95Band);
    }

    [Fact]
    public void A_stall_shows_in_an_open_loop_and_hides_in_a_closed_one()
    {
        const double serviceMs = 2;
        const double intervalMs = 2.2;
        const double stallAtMs = 10_000;
        const double stallMs = 200;
        var open = new List<double>();
        var closed = new List<double>();
        double freeAt = 0, closedFreeAt = 0;
        for (var i = 0; i < 13_600; i++)
        {
            // Open: due by the timetable, whatever became of those before. Closed: sent when the answer to the last is there.
            var due = i * intervalMs;
            freeAt = Served(Math.Max(due, freeAt));
            open.Add(freeAt - due);
            var sent = Math.Max(closedFreeAt, i * intervalMs);
            closedFreeAt = Served(sent);
            closed.Add(closedFreeAt - sent);
        }

        Assert.InRange(Percentile.Of([.. open.Order()], 0.99), 100, 200);
        Assert.InRange(Percentile.Of([.. closed.Order()], 0.99), serviceMs, serviceMs + 1e-6);

        static double Served(double from) => from < stallAtMs && from + serviceMs > stallAtMs ? from + serviceMs + stallMs : from + serviceMs;
    }

    private static AnImage Usual(int number) => AnImage.Due(number, Due + number * Interval);

    private static Sample[] Samples(int count, Func<int, AnImage> image) => [.. Enumerable.Range(0, count).Select(number => SampleOf(image(number)))];

    private static Sample SampleOf(AnImage image)
    {
        var sample = new Sample { ImageId = image.Id, ProducerId = image.Producer, BatchSize = 2 };
        foreach (var stamp in Enum.GetValues<Stamp>())
        {
            sample[stamp] = image[stamp];
        }

        return sample;
    }

    private static Cell CellOf(IReadOnlyList<Sample> samples, long? stored = null, bool correctClocks = false, double warmUpSeconds = 0)
    {
        var images = stored is null ? samples.Count : 1_000;
        return Cell.Of([(new Run(1, Rate, 1, images, warmUpSeconds, stored ?? samples.Count, 1, 0, 0, 0, ""), samples)], correctClocks, seed: 1);
    }
}
