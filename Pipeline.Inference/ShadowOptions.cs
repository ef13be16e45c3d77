using System.ComponentModel.DataAnnotations;

namespace Pipeline.Inference;

/// <summary>Whether the model runs in the shadow of another, which goes on as if there were none.</summary>
internal sealed record ShadowOptions
{
    public const string Section = "Shadow";

    /// <summary>Which share of the images the model sees, 0 to 1. Null: it is no shadow, and what it says are the predictions.</summary>
    [Range(0d, 1d)]
    public double? Share { get; init; }
}
