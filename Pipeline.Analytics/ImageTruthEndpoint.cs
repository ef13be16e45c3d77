using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Pipeline.Contracts;

namespace Pipeline.Analytics;

/// <summary><c>PUT /api/images/ID/truth</c>: somebody says what a picture shows.</summary>
/// <remarks>
/// Written to the store from here and not by way of the topic: who gives a truth learns at once whether there is such an image, and of
/// two writers of one document none undoes the other's (<see cref="Contracts.Stored.TruthUpdate"/>).
/// </remarks>
internal static class ImageTruthEndpoint
{
    private const int MaxBodyBytes = 16 * 1024;

    public static void MapImageTruth(this IEndpointRouteBuilder api) =>
        api.MapPut("/images/{**address}", PutAsync).AddEndpointFilter<OwnPagesOnly>()
            .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes)).Accepts<TruthBody>(MediaTypeNames.Application.Json)
            .WithSummary("What an image shows, below its id at /truth: a label, and who says so");

    private static async Task<Results<Ok<ImageRow>, NotFound, ProblemHttpResult>> PutAsync(
        StoredImages images, Snapshots snapshots, HttpContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        if (ImageAddress.ReadTruth(context) is not { } id)
        {
            return TypedResults.NotFound();
        }
        if (!(await ReadAsync(context.Request, cancellationToken)).IsRead(out var said, out var problem)
            || !GivenTruth.Of(id, said.Label, said.By, time.GetUtcNow()).IsRead(out var truth, out problem))
        {
            return TypedResults.Problem(problem.Text, statusCode: StatusCodes.Status400BadRequest);
        }
        if (await images.SetTruthAsync(truth, cancellationToken) is not { } image)
        {
            return TypedResults.NotFound();
        }
        snapshots.Outdate();
        return TypedResults.Ok(image);
    }

    /// <summary>Read here, because a parameter that cannot be read is an answer without a word.</summary>
    private static async Task<Parsed<TruthBody>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        const string Form = """the body must be JSON such as {"label": "ship", "by": "Ada"}""";
        try
        {
            var said = await JsonSerializer.DeserializeAsync<TruthBody>(request.Body, JsonSerializerOptions.Web, cancellationToken);
            return said is null ? new Problem(ProblemKind.BrokenJson, Form) : said;
        }
        catch (Exception broken) when (broken is JsonException or BadHttpRequestException)
        {
            return new Problem(ProblemKind.BrokenJson, $"{Form}: {broken.Message}");
        }
    }

    /// <param name="Label">In either vocabulary.</param>
    /// <param name="By">Who says so; unknown where nobody is named.</param>
    private sealed record TruthBody(string? Label, string? By);
}
