using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Http;

namespace Pipeline.Producer.Devices;

/// <summary>
/// The file in a request, as the body (<c>curl --data-binary</c>) or as the one file of a form (<c>curl -F</c>), whatever else the headers say.
/// </summary>
internal static class PictureBody
{
    /// <summary>Of a request: the server stops reading there, whatever length is declared. A form needs some bytes beside its file.</summary>
    public const int MaxBytes = Limits.MaxPictureBytes + 16 * 1024;

    public static string TooLarge { get; } = $"a picture's file has at most {Limits.MaxPictureBytes} bytes; send a smaller one, or compress it more";

    /// <exception cref="BadHttpRequestException">The body cannot be read, or is larger than <see cref="MaxBytes"/>.</exception>
    public static async Task<Parsed<byte[]>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var read = request.IsForm() ? await request.ReadFormFileAsync(MaxBytes, cancellationToken) : await ReadBodyAsync(request, cancellationToken);
        return read.IsRead(out var file, out _) && file.Length > Limits.MaxPictureBytes ? new Problem(ProblemKind.TooLarge, TooLarge) : read;
    }

    private static async Task<Parsed<byte[]>> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var whole = await request.ReadBodyAsync(cancellationToken);
        return whole.Length > 0
            ? whole
            : new Problem(ProblemKind.MissingField, "the request has no body; send the picture's file (curl --data-binary @FILE)");
    }
}
