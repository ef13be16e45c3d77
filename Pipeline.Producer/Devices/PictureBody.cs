using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Pipeline.Contracts;

namespace Pipeline.Producer.Devices;

/// <summary>The file in a request, as the body (<c>curl --data-binary</c>) or as the one file of a form (<c>curl -F</c>), whatever else the headers say.</summary>
internal static class PictureBody
{
    /// <summary>Of a request: the server stops reading there, whatever length is declared. A form needs some bytes beside its file.</summary>
    public const int MaxBytes = Limits.MaxPictureBytes + 16 * 1024;

    private const int MaxFormFields = 64;

    public static string TooLarge { get; } = $"a picture's file has at most {Limits.MaxPictureBytes} bytes; send a smaller one, or compress it more";

    /// <exception cref="BadHttpRequestException">The body cannot be read, or is larger than <see cref="MaxBytes"/>.</exception>
    public static async Task<Parsed<byte[]>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var isForm = request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) is true;
        var read = isForm ? await ReadFormAsync(request, cancellationToken) : await ReadBodyAsync(request, cancellationToken);
        return read.IsRead(out var file, out _) && file.Length > Limits.MaxPictureBytes ? new Problem(ProblemKind.TooLarge, TooLarge) : read;
    }

    private static async Task<Parsed<byte[]>> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.IsCompleted)
            {
                var whole = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return whole.Length > 0 ? whole : new Problem(ProblemKind.MissingField, "the request has no body; send the picture's file (curl --data-binary @FILE)");
            }
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task<Parsed<byte[]>> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var inMemory = new FormOptions { MemoryBufferThreshold = MaxBytes, MultipartBodyLengthLimit = MaxBytes, ValueCountLimit = MaxFormFields };
        try
        {
            var form = await request.ReadFormAsync(inMemory, cancellationToken);
            if (form.Files is not [var file])
            {
                return new Problem(ProblemKind.MissingField, $"the form has {form.Files.Count} files; send one, the picture (curl -F image=@FILE)");
            }

            var whole = new byte[file.Length];
            await using var content = file.OpenReadStream();
            await content.ReadExactlyAsync(whole, cancellationToken);
            return whole;
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return new Problem(ProblemKind.BadValue, $"the form cannot be read: {broken.Message}");
        }
    }
}
