using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Inference;

/// <summary>
/// <c>POST /infer</c>, the contract of the older ML server: <c>{"image": "base64 of a picture"}</c> in,
/// <c>{"InferredValue": "ship"}</c> out; 400 with problem details when the image cannot be used.
/// </summary>
internal sealed class InferEndpoint(ImageClassifier classifier) : IDisposable
{
    private const int MaxBodyBytes = Limits.MaxMessageBytes;

    private readonly ImageClassifier.Runner _runner = classifier.CreateRunner();
    private readonly PictureDecoder _decoder = new(Rgb24.ImageWidth, Rgb24.ImageHeight);
    private readonly SemaphoreSlim _oneAtATime = new(1);

    public sealed record Answer(string InferredValue);

    public static void Map(WebApplication app) =>
        app.MapPost("/infer", (HttpRequest request, InferEndpoint endpoint, CancellationToken cancellationToken) => endpoint.InferAsync(request, cancellationToken))
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaxBodyBytes));

    private async Task<Results<JsonHttpResult<Answer>, ProblemHttpResult>> InferAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (image, problem) = await ReadImageAsync(request, cancellationToken);
        if (image is null)
        {
            return Unusable(problem);
        }

        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (!_decoder.TryDecode(image, _runner.Pixels(0), out var broken))
            {
                return Unusable(broken.Text);
            }

            // The names are the contract: no camel case.
            return TypedResults.Json(new Answer(Labels.All[ResultPublisher.IndexOfMax(_runner.Run(1))]), JsonSerializerOptions.Default);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private static ProblemHttpResult Unusable(string? problem) =>
        TypedResults.Problem(problem, title: "The image cannot be used", statusCode: StatusCodes.Status400BadRequest);

    private static async Task<(Picture? Image, string? Problem)> ReadImageAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, cancellationToken);
        }
        catch (BadHttpRequestException unreadable)
        {
            return (null, $"The body has at most {MaxBodyBytes} bytes: {unreadable.Message}");
        }
        return CapturedImage.ParsePicture(body.GetBuffer().AsSpan(0, (int)body.Length)).IsRead(out var image, out var problem)
            ? (image, null)
            : (null, problem.Text);
    }

    public void Dispose()
    {
        _runner.Dispose();
        _decoder.Dispose();
        _oneAtATime.Dispose();
    }
}
