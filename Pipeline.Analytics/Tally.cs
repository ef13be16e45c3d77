namespace Pipeline.Analytics;

/// <summary>Counts over some set of documents. Tallies of disjoint sets add up.</summary>
/// <param name="Total">Documents.</param>
/// <param name="Stored">Of these, documents that hold their image.</param>
/// <param name="Inferred">Of these, documents that hold a prediction.</param>
/// <param name="WithoutTruth">Of the inferred, documents of which nobody has said what is right.</param>
/// <param name="Correct">Of the inferred, those whose prediction is the ground truth.</param>
/// <param name="FirstCapturedAt">UTC; null when no document says.</param>
/// <param name="LastStoredAt">UTC; null when no document says.</param>
internal sealed record Tally(
    long Total = 0, long Stored = 0, long Inferred = 0, long WithoutTruth = 0, long Correct = 0, DateTime? FirstCapturedAt = null, DateTime? LastStoredAt = null)
{
    public static readonly Tally Empty = new();

    /// <summary>Predictions that could be compared with a truth: what right and wrong, and every rate, rest on.</summary>
    public long Compared => Inferred - WithoutTruth;

    public long Wrong => Compared - Correct;

    /// <summary>Not yet inferred: neither right nor wrong.</summary>
    public long Pending => Total - Inferred;

    /// <summary>Correct among the compared, 0..1; null while there are none.</summary>
    public double? Accuracy => Compared == 0 ? null : (double)Correct / Compared;

    /// <summary>Wrong among the compared, 0..1; null while there are none.</summary>
    public double? ErrorRate => Compared == 0 ? null : (double)Wrong / Compared;

    /// <summary>As the systems before this one print it: two decimals.</summary>
    public double? AccuracyPercent => Percent(Accuracy, 2);

    /// <summary>As the systems before this one print it: one decimal.</summary>
    public double? ErrorRatePercent => Percent(ErrorRate, 1);

    public static Tally operator +(Tally left, Tally right) => new(
        left.Total + right.Total,
        left.Stored + right.Stored,
        left.Inferred + right.Inferred,
        left.WithoutTruth + right.WithoutTruth,
        left.Correct + right.Correct,
        Earlier(left.FirstCapturedAt, right.FirstCapturedAt),
        Later(left.LastStoredAt, right.LastStoredAt));

    private static double? Percent(double? share, int decimals) => share is { } known ? Math.Round(100 * known, decimals) : null;

    private static DateTime? Earlier(DateTime? left, DateTime? right) => left is null || right < left ? right ?? left : left;

    private static DateTime? Later(DateTime? left, DateTime? right) => left is null || right > left ? right ?? left : left;
}
