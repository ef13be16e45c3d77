using System.ComponentModel.DataAnnotations;

namespace Pipeline.Producer;

/// <summary>What the simulated cameras do. The defaults run out of the box.</summary>
internal sealed record CameraOptions
{
    public const string Section = "Cameras";

    /// <summary>Cameras, each with its own id, <c>camera-1</c> and on.</summary>
    [Range(1, 10_000)]
    public int Count { get; init; } = 1;

    /// <summary>Images a camera sends; 0: it never ends.</summary>
    [Range(0, long.MaxValue)]
    public long Images { get; init; }

    /// <summary>Images per second and camera, kept whatever the rest of the system does; 0: as fast as the broker takes them.</summary>
    [Range(0, 100_000)]
    public double Rate { get; init; } = 10;

    /// <summary>How the images of several cameras follow each other.</summary>
    public Arrival Arrival { get; init; }

    /// <summary>Sigma of the sensor noise as a share of full scale.</summary>
    [Range(0, 1)]
    public double Noise { get; init; } = 0.04;

    /// <summary>The same seed gives the same noise.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Whether the predictions are read back, which times an image from shutter to prediction on one clock. A finite run then also waits
    /// for them, half a minute at most.
    /// </summary>
    public bool Echo { get; init; }

    /// <summary>The folder that <c>fetch-cifar10</c> filled, or the official cifar-10-binary.tar.gz; null: the sample beside the program.</summary>
    public string? Dataset { get; init; }
}
