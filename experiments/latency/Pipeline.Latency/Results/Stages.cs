using Pipeline.Latency.Traces;

namespace Pipeline.Latency.Results;

/// <summary>The way of an image cut where its stamps are: neighbours share an instant, so the stages add up to the whole.</summary>
internal static class Stages
{
    /// <param name="IsOneWay">It begins on one service's clock and ends on another's.</param>
    public sealed record Stage(string Name, Stamp From, Stamp To, bool IsOneWay = false);

    public static readonly Stage[] All =
    [
        new("schedule_lag",       Stamp.Scheduled,           Stamp.Captured),
        new("prepare",            Stamp.Captured,            Stamp.Published),
        new("broker_images",      Stamp.Published,           Stamp.Received, IsOneWay: true),
        new("batch_wait",         Stamp.Received,            Stamp.BatchStarted),
        new("inference",          Stamp.BatchStarted,        Stamp.ModelDone),
        new("publish",            Stamp.ModelDone,           Stamp.PredictionPublished),
        new("broker_predictions", Stamp.PredictionPublished, Stamp.PredictionReceived, IsOneWay: true),
        new("store_wait",         Stamp.PredictionReceived,  Stamp.WriteIssued),
        new("store",              Stamp.WriteIssued,         Stamp.WriteAcknowledged),
    ];

    /// <summary>Whether every stage of an image can be told.</summary>
    public static bool AreKnown(Sample sample) => Array.TrueForAll(All, stage => sample.Between(stage.From, stage.To) is not null);

    /// <summary>
    /// Mean ms of each stage over the images around a quantile: those within 1 % of all ranks of it. Null where they are lost, or their stages are.
    /// </summary>
    /// <param name="byLatency">All images by their latency, the lost ones last.</param>
    public static double[]? MeansAround(IReadOnlyList<Sample> byLatency, double p)
    {
        var middle = (byLatency.Count - 1) * p;
        var reach = Math.Max(0.5, byLatency.Count * 0.01);
        var first = (int)Math.Max(0, Math.Ceiling(middle - reach));
        var last = (int)Math.Min(byLatency.Count - 1, Math.Floor(middle + reach));
        var near = byLatency.Skip(first).Take(last - first + 1).ToArray();
        var known = Array.FindAll(near, AreKnown);
        return known.Length == 0 || !double.IsFinite(EndPoint.Stored.LatencyMs(near[^1]))
            ? null
            : Array.ConvertAll(All, stage => known.Average(sample => sample.Between(stage.From, stage.To)!.Value / 1e6));
    }
}
