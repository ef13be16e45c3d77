namespace Pipeline.Latency.Running;

/// <summary>A set of cells to measure, by name.</summary>
/// <param name="Rates">Images per second and producer.</param>
/// <param name="MeasuredSeconds">Of each run; with the rate it gives the images of a camera.</param>
/// <param name="WarmUpSeconds">Sent before and not counted.</param>
/// <param name="Repetitions">Runs of each cell.</param>
/// <param name="CapacityShares">Further cells with the largest number of producers, at these shares of what the pipeline can take.</param>
internal sealed record Profile(
    string Name, string What, int[] Producers, double[] Rates, double MeasuredSeconds, double WarmUpSeconds, int Repetitions, double[] CapacityShares)
{
    private static readonly int[] OneToFive = [1, 2, 3, 4, 5];

    public static readonly Profile[] All =
    [
        new("quick",   "1 to 5 producers at 20/s, a minute each",                             OneToFive, [20],        60,    15, 1, []),
        new("classic", "1 to 5 producers at 1/s, 1,000 images each: the predecessors' own",   OneToFive, [1],         1_000, 15, 1, []),
        new("sweep",   "1 to 5 producers at 1, 10 and 50/s, and four shares of the capacity", OneToFive, [1, 10, 50], 60,    15, 3,
            [0.3, 0.5, 0.7, 0.9]),
    ];

    public static readonly Profile Default = All[0];
}
