using System.Buffers;
using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Pipeline.Contracts;

namespace Pipeline.ServiceDefaults.Http;

/// <summary>What a request carries, whole in memory; the endpoint's size limit bounds it, whatever length is declared.</summary>
public static class RequestContent
{
    private const int MaxFormFields = 64;

    public static bool IsForm(this HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals(MediaTypeNames.Multipart.FormData, StringComparison.OrdinalIgnoreCase);

    /// <summary>The body.</summary>
    /// <exception cref="BadHttpRequestException">It is larger than the endpoint's limit, or ends too early.</exception>
    public static async Task<byte[]> ReadBodyAsync(this HttpRequest request, CancellationToken cancellationToken)
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

    /// <summary>The one file of a form.</summary>
    /// <param name="request">A form.</param>
    /// <param name="maxBytes">Of the form; the endpoint's limit.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BadHttpRequestException">It is larger than the endpoint's limit, or ends too early.</exception>
    public static async Task<Parsed<byte[]>> ReadFormFileAsync(this HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        var inMemory = new FormOptions { MemoryBufferThreshold = maxBytes, MultipartBodyLengthLimit = maxBytes, ValueCountLimit = MaxFormFields };
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
