namespace Pipeline.Inference.Http.OpenInference;

/// <summary>An inference request, read and checked.</summary>
/// <param name="Id">The client's name for it, given back.</param>
/// <param name="Pixels">The tensor <c>images</c>: RGB24, one camera image after the other.</param>
/// <param name="IsBinaryWanted">Probabilities as bytes behind the answer's JSON.</param>
internal sealed record InferRequest(string? Id, ReadOnlyMemory<byte> Pixels, bool IsBinaryWanted);
