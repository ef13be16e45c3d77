using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.ServiceDefaults.Http;

namespace Pipeline.Inference.Http;

/// <summary>
/// The picture in a request, however it was sent: <c>{"image": base64}</c>, a form with one file, or the file itself.
/// What looks like JSON is JSON whatever the header says, as no picture does, and <c>curl -d</c> says it is a form.
/// </summary>
internal static class PictureBody
{
    /// <exception cref="BadHttpRequestException">The body cannot be read, or is larger than <see cref="RequestBody.MaxBytes"/>.</exception>
    public static async Task<Parsed<Picture>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.IsForm())
        {
            return (await request.ReadFormFileAsync(RequestBody.MaxBytes, cancellationToken)).IsRead(out var file, out var problem) ? Picture.Read(file) : problem;
        }

        var body = await request.ReadBodyAsync(cancellationToken);
        return request.HasJsonContentType() || LooksLikeJson(body) ? CapturedImage.ParsePicture(body) : Picture.Read(body);
    }

    private static bool LooksLikeJson(ReadOnlySpan<byte> body)
    {
        const byte brace = (byte)'{';
        var text = body.StartsWith("\uFEFF"u8) ? body["\uFEFF"u8.Length..] : body;
        return text.TrimStart(" \t\r\n"u8) is [brace, ..];
    }
}
