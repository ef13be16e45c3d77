using System.ComponentModel.DataAnnotations;

namespace Pipeline.Inference;

/// <summary>Which model, and how it is run.</summary>
internal sealed record ModelOptions
{
    public const string Section = "Model";

    /// <summary>One of <see cref="ShippedModels"/>, or the path of an ONNX file of one's own or of a folder with one. Default: int8; models/README.md says why.</summary>
    [Required]
    public string Name { get; init; } = "int8";

    /// <summary>Threads that run the model, one batch each; 0: one a core.</summary>
    [Range(0, 1024)]
    public int Runners { get; init; }

    /// <summary>
    /// Most images of one run, of a model that leaves it open. Default: 64 small pictures, fewer large ones. On a CPU a batch of b costs b times one
    /// image; it is the publishing of results that a larger one makes cheaper.
    /// </summary>
    [Range(1, 1024)]
    public int? MaxBatch { get; init; }

    internal int RunnerCount => Runners == 0 ? Environment.ProcessorCount : Runners;
}
