using Pipeline.Latency.Results;

namespace Pipeline.Latency.Running;

/// <summary>What to measure: a profile, with what the command line says otherwise.</summary>
internal sealed record LatencyOptions
{
    public required Profile Profile { get; init; }

    public required int[] Producers { get; init; }

    /// <summary>Images per second and producer.</summary>
    public required double[] Rates { get; init; }

    /// <summary>How the images of several producers follow each other: one of <see cref="Arrivals"/>.</summary>
    public required string Arrival { get; init; }

    /// <summary>Measured images of each producer; null: <see cref="MeasuredSeconds"/> decides.</summary>
    public required int? Images { get; init; }

    public double MeasuredSeconds => Profile.MeasuredSeconds;

    /// <summary>Further cells at shares of the capacity; none when the command line names rates.</summary>
    public required double[] CapacityShares { get; init; }

    public required double WarmUpSeconds { get; init; }

    public required int Repetitions { get; init; }

    /// <summary>Inference processes.</summary>
    public required int Replicas { get; init; }

    public required int Seed { get; init; }

    public required bool CorrectClocks { get; init; }

    /// <summary>Where everything goes.</summary>
    public required string Directory { get; init; }

    /// <summary>Keeps the traces too, about 16 KB an image.</summary>
    public required bool KeepTraces { get; init; }
}
