using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Pipeline.Contracts.Options;

/// <summary>
/// What the cameras do. The AppHost makes its switches of these properties, the producer reads them as its settings: one name,
/// one limit, one default.
/// </summary>
public record CameraOptions
{
    public const string Section = "Cameras";

    [Range(0, 1_000)]
    [Description("simulated cameras; 0: none, for who posts pictures to the producer")]
    public int Producers { get; init; } = 2;

    [Description("a camera that is real, or pictures of your own, in place of the simulated cameras; may be given several times")]
    public IReadOnlyList<string> Source { get; init; } = [];

    [Range(0, int.MaxValue)]
    [Description("images a camera sends; 0: endless")]
    public int Images { get; init; }

    [Range(0d, 100_000d)]
    [Description("images per second and camera, open loop; 0: as fast as the broker takes them")]
    public double Rate { get; init; } = 10;

    [Description("how the images of several cameras follow each other: evenly and out of step, all at once, or at random")]
    public Arrival Arrival { get; init; }

    [Range(0d, 1d)]
    [Description("sigma of the sensor noise, share of full scale")]
    public double Noise { get; init; } = 0.04;

    [Description("whether the producer reads its predictions back, and times them on its own clock")]
    public bool Echo { get; init; }

    /// <summary>The sources, read.</summary>
    /// <exception cref="FormatException">One is none.</exception>
    public IReadOnlyList<SourceSpec> Sources() => SourceSpec.ParseAll(Source);

    /// <summary>Who the cameras are.</summary>
    public IReadOnlyList<string> CameraNames() => Source.Count > 0
        ? [.. Sources().Select(source => source.Name)]
        : [.. Enumerable.Range(1, Producers).Select(number => string.Create(CultureInfo.InvariantCulture, $"camera-{number}"))];
}
