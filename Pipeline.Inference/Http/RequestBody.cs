using System.Buffers;
using Microsoft.AspNetCore.Mvc;

namespace Pipeline.Inference.Http;

/// <summary>What a request carries, whole and bounded.</summary>
internal static class RequestBody
{
    /// <summary>A large photograph in base64, or the largest batch as JSON numbers.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>The server stops reading there, whatever length the request declares.</summary>
    public static TBuilder BoundBody<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequestSizeLimitAttribute(MaxBytes));

    /// <exception cref="BadHttpRequestException">It is larger than <see cref="MaxBytes"/>, or ends too early.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.IsCompleted)
            {
                var whole = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return whole;
            }
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public static string Describe(BadHttpRequestException unreadable) => unreadable.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? $"A request has at most {MaxBytes} bytes."
        : unreadable.Message;
}
