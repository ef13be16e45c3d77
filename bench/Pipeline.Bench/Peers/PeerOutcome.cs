/// <summary>What one run of a pipeline, ours or a peer's, gave.</summary>
/// <param name="Images">All cameras together.</param>
/// <param name="Seconds">From the first image captured to the last one stored.</param>
/// <param name="Accuracy">Share of right predictions.</param>
/// <param name="Spending">What its processes used while the images <paramref name="Counted"/> were stored.</param>
/// <param name="Counted">From the first look at the processes to the last.</param>
/// <param name="Ways">When an image was captured, and when the store had acknowledged the document with its prediction: ms since 1970, for those that were timed.</param>
internal sealed record PeerOutcome(
    int Images, double Seconds, double Accuracy, Spending Spending, long Counted, IReadOnlyList<(double CapturedMs, double StoredMs)> Ways)
{
    private const string Broker = "Embedded.Kafka", Store = "Embedded.MongoDB";

    /// <summary>What ours has beside the three programs that a peer has, too.</summary>
    private static readonly string[] Around = ["Pipeline.Analytics", "Pipeline.AppHost", "Aspire.Dashboard", "dcp"];

    public double PerSecond => Images / Seconds;

    public double BrokerMicroseconds => Microseconds(program => program == Broker);

    public double StoreMicroseconds => Microseconds(program => program == Store);

    public double AroundMicroseconds => Microseconds(Around.Contains);

    public double OwnMicroseconds => Microseconds(IsOwn);

    public double OwnMegabytes => Spending.Of(IsOwn).PeakBytes / 1048576d;

    public double AroundMegabytes => Spending.Of(Around.Contains).PeakBytes / 1048576d;

    /// <summary>Ascending, in ms.</summary>
    /// <param name="warmUp">Images that were captured in it do not count.</param>
    public double[] Latencies(TimeSpan warmUp)
    {
        var from = Ways.Min(way => way.CapturedMs) + warmUp.TotalMilliseconds;
        return [.. Ways.Where(way => way.CapturedMs >= from).Select(way => way.StoredMs - way.CapturedMs).Order()];
    }

    private static bool IsOwn(string program) => program is not (Broker or Store) && !Around.Contains(program);

    private double Microseconds(Func<string, bool> isMeant) => 1e6 * Spending.Of(isMeant).Seconds / Counted;
}
