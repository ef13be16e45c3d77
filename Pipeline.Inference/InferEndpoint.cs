using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Pipeline.Contracts;
using Pipeline.Inference.Http;

namespace Pipeline.Inference;

/// <summary>
/// What is in a picture, for who has one and no tensor: <c>POST /infer</c> and <c>POST /</c>, the contracts of two older servers.
/// <see cref="PictureBody"/> says how it may be sent; 400 with problem details when it cannot be used.
/// </summary>
internal static class InferEndpoint
{
    /// <summary>The older server's answer, and how sure the model is.</summary>
    /// <remarks>The names are the contract: no camel case.</remarks>
    private sealed record InferAnswer(
        [property: JsonPropertyName("InferredValue")] string InferredValue,
        [property: JsonPropertyName("Confidence")] float Confidence,
        [property: JsonPropertyName("Probabilities")] IReadOnlyDictionary<string, float> Probabilities);

    /// <summary>The other older server's.</summary>
    private sealed record RootAnswer(string Inferred, float Confidence, IReadOnlyDictionary<string, float> Probabilities);

    public static void Map(WebApplication app)
    {
        app.MapPost("/infer", (HttpRequest request, HttpRunners runners, CancellationToken cancellationToken) =>
            InferAsync(request, runners, (label, confidence, probabilities) => new InferAnswer(label, confidence, probabilities), cancellationToken)).TakePicture();
        app.MapPost("/", (HttpRequest request, HttpRunners runners, CancellationToken cancellationToken) =>
            InferAsync(request, runners, (label, confidence, probabilities) => new RootAnswer(label, confidence, probabilities), cancellationToken)).TakePicture();
    }

    private static void TakePicture(this RouteHandlerBuilder endpoint) => endpoint.BoundBody()
        .WithTags("Pictures").WithSummary("What a picture shows").DescribePictureBody()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<T>, ProblemHttpResult>> InferAsync<T>(
        HttpRequest request, HttpRunners runners, Func<string, float, IReadOnlyDictionary<string, float>, T> answer, CancellationToken cancellationToken)
    {
        try
        {
            if (!(await PictureBody.ReadAsync(request, cancellationToken)).IsRead(out var picture, out var problem))
            {
                return Refused(problem.Text, StatusCodes.Status400BadRequest);
            }

            if (await runners.RunAsync(picture, cancellationToken) is not { } answered)
            {
                Busy.SetRetryAfter(request.HttpContext.Response);
                return TypedResults.Problem(Busy.Reason, statusCode: Busy.StatusCode);
            }

            if (!answered.IsRead(out var prediction, out problem))
            {
                return Refused(problem.Text, StatusCodes.Status400BadRequest);
            }

            var byLabel = prediction.Labels.Zip(prediction.Probabilities).ToDictionary(pair => pair.First, pair => pair.Second);
            return TypedResults.Ok(answer(prediction.Label, prediction.Confidence, byLabel));
        }
        catch (BadHttpRequestException unreadable)
        {
            return Refused(RequestBody.Describe(unreadable), unreadable.StatusCode);
        }
    }

    private static ProblemHttpResult Refused(string reason, int statusCode) =>
        TypedResults.Problem(reason, title: "The image cannot be used", statusCode: statusCode);
}
