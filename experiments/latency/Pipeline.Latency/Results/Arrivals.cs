namespace Pipeline.Latency.Results;

/// <summary>How the images of several cameras follow each other: what the pipeline's <c>--Arrival</c> takes.</summary>
internal static class Arrivals
{
    public const string Uniform = "uniform";

    private const string Aligned = "aligned";
    private const string Poisson = "poisson";

    /// <summary>The first is the default.</summary>
    public static readonly string[] All = [Uniform, Aligned, Poisson];

    /// <summary>Half a sentence for the report.</summary>
    public static string Describe(string arrival) => arrival switch
    {
        Aligned => "cameras take their pictures at the same instants",
        Poisson => "gaps are exponential, from a generator with a seed",
        _ => "cameras are out of step by an even share of the interval",
    };
}
