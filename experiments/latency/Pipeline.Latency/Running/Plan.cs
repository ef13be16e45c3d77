namespace Pipeline.Latency.Running;

/// <summary>One run to make.</summary>
/// <param name="MeasuredImages">Of each producer, after the warm-up.</param>
internal sealed record PlannedRun(int Producers, double RatePerProducer, int Repetition, int MeasuredImages, double WarmUpSeconds)
{
    /// <summary>That a camera sends in all.</summary>
    public int ImagesPerProducer => MeasuredImages + (int)Math.Ceiling(WarmUpSeconds * RatePerProducer);

    public TimeSpan Sending => TimeSpan.FromSeconds(ImagesPerProducer / RatePerProducer);

    public string Name => FormattableString.Invariant($"p{Producers}-r{RatePerProducer:0.###}-rep{Repetition}");
}

internal static class Plan
{
    /// <summary>The runs of an experiment in the order in which to make them: shuffled, so that no drift of the host looks like an effect.</summary>
    public static PlannedRun[] Of(LatencyOptions options, double capacityPerSecond)
    {
        var most = options.Producers.Max();
        (int Producers, double Rate)[] cells =
        [
            .. from rate in options.Rates from producers in options.Producers select (producers, rate),
            .. options.CapacityShares.Select(share => (most, Math.Max(1, Math.Round(share * capacityPerSecond / most)))),
        ];
        PlannedRun[] runs =
        [
            .. from repetition in Enumerable.Range(1, options.Repetitions)
               from cell in cells.Distinct()
               select new PlannedRun(cell.Producers, cell.Rate, repetition,
                   options.Images ?? (int)Math.Ceiling(options.MeasuredSeconds * cell.Rate), options.WarmUpSeconds),
        ];
        new Random(options.Seed).Shuffle(runs);
        return runs;
    }
}
