using Microsoft.AspNetCore.Mvc;

namespace Pipeline.Inference.Http;

/// <summary>How large a request may be, and what is said of one that cannot be read.</summary>
internal static class RequestBody
{
    /// <summary>A large photograph in base64, or the largest batch as JSON numbers.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>The server stops reading there, whatever length the request declares.</summary>
    public static TBuilder BoundBody<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequestSizeLimitAttribute(MaxBytes));

    public static string Describe(BadHttpRequestException unreadable) => unreadable.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? $"A request has at most {MaxBytes} bytes."
        : unreadable.Message;
}
