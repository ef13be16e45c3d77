using Pipeline.Contracts.Options;

namespace Pipeline.Producer;

/// <summary>What the cameras do, and what only the producer's own settings say.</summary>
internal sealed record ProducerOptions : CameraOptions
{
    /// <summary>The same seed gives the same noise.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The folder that <c>fetch-cifar10</c> filled, or the official cifar-10-binary.tar.gz; null: the sample beside the program.</summary>
    public string? Dataset { get; init; }

    /// <summary>The model whose labels folders of pictures are named after, an ONNX file or a folder with one; null: CIFAR-10's.</summary>
    public string? Model { get; init; }
}
