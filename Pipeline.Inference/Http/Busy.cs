using System.Globalization;

namespace Pipeline.Inference.Http;

/// <summary>The answer to a request that comes when enough wait for the model already.</summary>
internal static class Busy
{
    public const int StatusCode = StatusCodes.Status503ServiceUnavailable;

    public const string Reason = "Too many requests wait for the model; try again in a moment.";

    private const int RetryAfterSeconds = 1;

    public static void SetRetryAfter(HttpResponse response) =>
        response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
}
