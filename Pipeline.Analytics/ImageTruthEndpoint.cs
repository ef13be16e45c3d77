using Microsoft.AspNetCore.Http.HttpResults;
using Pipeline.Contracts;

namespace Pipeline.Analytics;

/// <summary><c>PUT /api/images/ID/truth</c>: somebody says what a picture shows.</summary>
/// <remarks>
/// Written to the store from here and not by way of the topic: who gives a truth learns at once whether there is such an image, and of
/// two writers of one document none undoes the other's (<see cref="Contracts.Stored.TruthUpdate"/>).
/// </remarks>
internal static class ImageTruthEndpoint
{
    public static void MapImageTruth(this IEndpointRouteBuilder api) =>
        api.MapPut("/images/{**address}", PutAsync).AddEndpointFilter<OwnPagesOnly>()
            .WithSummary("What an image shows, below its id at /truth: a label, and who says so");

    private static async Task<Results<Ok<ImageRow>, NotFound, ProblemHttpResult>> PutAsync(
        TruthBody said, StoredImages images, Snapshots snapshots, HttpContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        if (ImageAddress.ReadTruth(context) is not { } id)
        {
            return TypedResults.NotFound();
        }
        if (!GivenTruth.Of(id, said.Label, said.By, time.GetUtcNow()).IsRead(out var truth, out var problem))
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

    /// <param name="Label">In either vocabulary.</param>
    /// <param name="By">Who says so; unknown where nobody is named.</param>
    private sealed record TruthBody(string? Label, string? By);
}
