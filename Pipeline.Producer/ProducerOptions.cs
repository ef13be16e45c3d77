using Pipeline.Contracts.Options;

namespace Pipeline.Producer;

/// <summary>What the cameras do, and what only the producer's own settings say.</summary>
internal sealed record ProducerOptions : CameraOptions
{
    /// <summary>The same seed gives the same noise.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Which pictures: <c>test</c> (10,000, which the model never saw) or <c>train</c> (50,000).</summary>
    public Split Split { get; init; } = Split.Test;

    /// <summary>The folder with the sheet images, or the official cifar-10-binary.tar.gz; null: where the build put them.</summary>
    public string? Dataset { get; init; }
}

/// <summary>The two halves of CIFAR-10.</summary>
internal enum Split
{
    Test,
    Train,
}
