using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Inference;

/// <summary>
/// <c>POST /infer</c>, the contract of the older ML server: <c>{"image": "base64 of a PNG"}</c> in,
/// <c>{"InferredValue": "ship"}</c> out; 400 with problem details when the image cannot be used.
/// </summary>
internal sealed class InferEndpoint(ImageClassifier classifier) : IDisposable
{
    private const int MaxBodyBytes = Limits.MaxMessageBytes;

    private readonly ImageClassifier.Runner _runner = classifier.CreateRunner();
    private readonly SemaphoreSlim _oneAtATime = new(1);

    private sealed record Request(string? Image);

    public sealed record Answer(string InferredValue);

    public static void Map(WebApplication app) =>
        app.MapPost("/infer", (HttpRequest request, InferEndpoint endpoint, CancellationToken cancellation) => endpoint.InferAsync(request, cancellation))
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaxBodyBytes));

    private async Task<Results<JsonHttpResult<Answer>, ProblemHttpResult>> InferAsync(HttpRequest request, CancellationToken cancellation)
    {
        var (image, problem) = await ReadImageAsync(request, cancellation);
        if (image is null)
            return TypedResults.Problem(problem, title: "The image cannot be used", statusCode: StatusCodes.Status400BadRequest);

        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            image.Data.Span.CopyTo(_runner.Pixels(0));
            // The names are the contract: no camel case.
            return TypedResults.Json(new Answer(Labels.All[ResultPublisher.IndexOfMax(_runner.Run(1))]), JsonSerializerOptions.Default);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private static async Task<(Rgb24? Image, string? Problem)> ReadImageAsync(HttpRequest request, CancellationToken cancellation)
    {
        Request? body;
        try
        {
            body = await JsonSerializer.DeserializeAsync<Request>(request.Body, JsonSerializerOptions.Web, cancellation);
        }
        catch (JsonException broken)
        {
            return (null, $"The body must be JSON, {{\"image\": \"base64 of a PNG\"}}: {broken.Message}");
        }
        catch (BadHttpRequestException tooLarge)
        {
            return (null, $"The body has at most {MaxBodyBytes} bytes: {tooLarge.Message}");
        }
        if (string.IsNullOrEmpty(body?.Image))
            return (null, "The field image is missing: base64 of a PNG.");
        var png = new byte[body.Image.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64String(body.Image, png, out var length))
            return (null, "The field image is not base64.");
        return PngReader.ReadImage(png.AsMemory(0, length)).IsRead(out var image, out var problem) ? (image, null) : (null, problem.Text);
    }

    public void Dispose()
    {
        _runner.Dispose();
        _oneAtATime.Dispose();
    }
}
