namespace Pipeline.Analytics;

/// <summary>Counts over some set of documents. Tallies of disjoint sets add up.</summary>
/// <param name="Total">Documents.</param>
/// <param name="Stored">Of these, documents that hold their image.</param>
/// <param name="Inferred">Of these, documents that hold a prediction.</param>
/// <param name="Correct">Of the inferred, those whose prediction is the ground truth.</param>
/// <param name="FirstCapturedAt">UTC; null when no document says.</param>
/// <param name="LastStoredAt">UTC; null when no document says.</param>
internal sealed record Tally(
    long Total = 0, long Stored = 0, long Inferred = 0, long Correct = 0, DateTime? FirstCapturedAt = null, DateTime? LastStoredAt = null)
{
    public static readonly Tally Empty = new();

    public long Wrong => Inferred - Correct;

    /// <summary>Not yet inferred: neither right nor wrong.</summary>
    public long Pending => Total - Inferred;

    /// <summary>Correct among the inferred, 0..1; null while nothing is inferred.</summary>
    public double? Accuracy => Inferred == 0 ? null : (double)Correct / Inferred;

    /// <summary>Wrong among the inferred, 0..1; null while nothing is inferred.</summary>
    public double? ErrorRate => Inferred == 0 ? null : (double)Wrong / Inferred;

    /// <summary>As the systems before this one print it: two decimals.</summary>
    public double? AccuracyPercent => Percent(Accuracy, 2);

    /// <summary>As the systems before this one print it: one decimal.</summary>
    public double? ErrorRatePercent => Percent(ErrorRate, 1);

    public static Tally operator +(Tally left, Tally right) => new(
        left.Total + right.Total,
        left.Stored + right.Stored,
        left.Inferred + right.Inferred,
        left.Correct + right.Correct,
        Earlier(left.FirstCapturedAt, right.FirstCapturedAt),
        Later(left.LastStoredAt, right.LastStoredAt));

    private static double? Percent(double? share, int decimals) => share is { } known ? Math.Round(100 * known, decimals) : null;

    private static DateTime? Earlier(DateTime? left, DateTime? right) => left is null || right < left ? right ?? left : left;

    private static DateTime? Later(DateTime? left, DateTime? right) => left is null || right > left ? right ?? left : left;
}
