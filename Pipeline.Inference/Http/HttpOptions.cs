using System.ComponentModel.DataAnnotations;

namespace Pipeline.Inference.Http;

/// <summary>How much of the machine those get who ask over HTTP.</summary>
internal sealed record HttpOptions
{
    public const string Section = "Http";

    /// <summary>Threads that run the model for them, beside those of <see cref="ModelOptions"/>; 0: half as many as cores, at least one.</summary>
    [Range(0, 1024)]
    public int Runners { get; init; }

    /// <summary>Requests that wait for one of these; what comes beyond is answered 503.</summary>
    [Range(0, 100_000)]
    public int MaxWaiting { get; init; } = 64;

    internal int RunnerCount => Runners == 0 ? Math.Max(1, Environment.ProcessorCount / 2) : Runners;
}
