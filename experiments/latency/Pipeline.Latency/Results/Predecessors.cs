namespace Pipeline.Latency.Results;

/// <summary>
/// What the systems before this one measured, request to response at the producer: about one image a second and producer, on a small cluster.
/// </summary>
internal static class Predecessors
{
    public sealed record Row(int Producers, double P90Ms, double P95Ms);

    public static readonly Row[] All =
    [
        new(1, 31.5, 33.5),
        new(2, 53.7, 56.8),
        new(3, 49.6, 52.7),
        new(4, 87.3, 94.9),
        new(5, 85.8, 109.0),
    ];

    /// <summary>Null for a number of producers that they did not measure.</summary>
    public static Row? Of(int producers) => Array.Find(All, row => row.Producers == producers);
}
