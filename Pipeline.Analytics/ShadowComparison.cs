namespace Pipeline.Analytics;

/// <summary>A live model and its shadow, on the images that both classified. Each version is compared on its own.</summary>
/// <param name="Model">The live one, <c>name:version</c>; null where its predictions do not say. So is the next.</param>
/// <param name="Images">Images with both predictions.</param>
/// <param name="Agreed">Of these, those with twice the same.</param>
/// <param name="Compared">Of these, those whose truth is known: what both accuracies rest on.</param>
/// <param name="Correct">Of the compared, those in which the live model was right.</param>
/// <param name="ShadowCorrect">Of the compared, those in which the shadow was.</param>
internal sealed record ShadowComparison(string? Model, string? ShadowModel, long Images, long Agreed, long Compared, long Correct, long ShadowCorrect)
{
    /// <summary>From capture to the live model's prediction, of the latest images.</summary>
    public Percentiles Latency { get; init; }

    /// <summary>From capture to the shadow's prediction, of the same images.</summary>
    public Percentiles ShadowLatency { get; init; }

    /// <summary>0..1; null while there is nothing to tell. So are the next two.</summary>
    public double? Agreement => Share(Agreed, Images);

    public double? Accuracy => Share(Correct, Compared);

    public double? ShadowAccuracy => Share(ShadowCorrect, Compared);

    private static double? Share(long some, long all) => all == 0 ? null : (double)some / all;
}

/// <summary>Milliseconds; null where no image says.</summary>
internal readonly record struct Percentiles(long? P50Ms, long? P95Ms)
{
    public static Percentiles Of(IEnumerable<long> milliseconds)
    {
        var sorted = milliseconds.Order().ToList();
        return sorted.Count == 0 ? default : new(Timeline.Percentile(sorted, 0.50), Timeline.Percentile(sorted, 0.95));
    }
}
