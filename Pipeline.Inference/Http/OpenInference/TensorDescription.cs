using System.Globalization;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Pipeline.Inference.Http.OpenInference;

/// <summary>One of the model's tensors in the protocol's words.</summary>
/// <param name="Name">As the model names it.</param>
/// <param name="Type">Of its elements.</param>
/// <param name="Shape">Of one image, without the batch.</param>
internal sealed record TensorDescription(string Name, TensorElementType Type, params int[] Shape)
{
    /// <summary>Images of a request: more than any client of one picture sends, and few enough to answer soon.</summary>
    public const int MaxImages = 128;

    private const int Free = -1;

    /// <summary>The protocol's name of the element type.</summary>
    public string Datatype => Type switch
    {
        TensorElementType.UInt8 => "UINT8",
        TensorElementType.Float16 => "FP16",
        _ => "FP32",
    };

    public int ElementBytes => Type switch
    {
        TensorElementType.UInt8 => sizeof(byte),
        TensorElementType.Float16 => sizeof(ushort),
        _ => sizeof(float),
    };

    /// <summary>Numbers of one image.</summary>
    public int Elements => Shape.Aggregate(1, (product, length) => product * length);

    /// <summary>For people.</summary>
    public string ShapeText => string.Create(CultureInfo.InvariantCulture, $"[N, {string.Join(", ", Shape)}] with N from 1 to {MaxImages}");

    public TensorMetadata Metadata(TensorParameters? parameters = null) => new(Name, Datatype, [Free, .. Shape], parameters);
}
