namespace Pipeline.Inference.Http.OpenInference;

/// <summary>Ends the reading of a request; becomes the protocol's <c>{"error": …}</c> at its boundary.</summary>
internal sealed class RequestRefusedException(string error, int statusCode = StatusCodes.Status400BadRequest) : Exception(error)
{
    public int StatusCode => statusCode;
}
