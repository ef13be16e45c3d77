namespace Pipeline.Inference.Http.OpenInference;

/// <summary>An inference request, read and checked.</summary>
/// <param name="Id">The client's name for it, given back.</param>
/// <param name="Tensor">The input's elements, little-endian, one image after the other.</param>
/// <param name="IsBinaryWanted">The output as bytes behind the answer's JSON.</param>
internal sealed record InferRequest(string? Id, ReadOnlyMemory<byte> Tensor, bool IsBinaryWanted);
