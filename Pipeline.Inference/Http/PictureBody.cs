using Microsoft.AspNetCore.Http.Features;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;

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
        if (request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) is true)
        {
            return await ReadFormAsync(request, cancellationToken);
        }

        var body = await RequestBody.ReadAsync(request, cancellationToken);
        return request.HasJsonContentType() || LooksLikeJson(body) ? CapturedImage.ParsePicture(body) : Picture.Read(body);
    }

    private static bool LooksLikeJson(ReadOnlySpan<byte> body)
    {
        const byte brace = (byte)'{';
        var text = body.StartsWith("\uFEFF"u8) ? body["\uFEFF"u8.Length..] : body;
        return text.TrimStart(" \t\r\n"u8) is [brace, ..];
    }

    private static async Task<Parsed<Picture>> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var inMemory = new FormOptions { MemoryBufferThreshold = RequestBody.MaxBytes, MultipartBodyLengthLimit = RequestBody.MaxBytes, ValueCountLimit = 64 };
        try
        {
            var form = await request.ReadFormAsync(inMemory, cancellationToken);
            if (form.Files is not [var file])
            {
                return new Problem(ProblemKind.MissingField, $"the form has {form.Files.Count} files; send one, the picture (curl -F image=@FILE)");
            }

            var picture = new byte[file.Length];
            await using var content = file.OpenReadStream();
            await content.ReadExactlyAsync(picture, cancellationToken);
            return Picture.Read(picture);
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return new Problem(ProblemKind.BadValue, $"the form cannot be read: {broken.Message}");
        }
    }
}
