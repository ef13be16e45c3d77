using System.Globalization;
using System.Net.Mime;
using Confluent.Kafka;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Producer.Devices;

/// <summary>
/// <c>POST /images/{camera}</c>: for a device that has a picture and no Kafka. 202 with the image's id once Kafka has it; <see cref="PictureBody"/>
/// says how the picture may be sent. What it shows may stand in the query or in a header. Problem details say in one line what is wrong.
/// </summary>
internal static class ImagesEndpoint
{
    public const string TruthParameter = "truth";
    public const string TruthHeader = "Ground-Truth";

    private const int RetryAfterSeconds = 2;

    private sealed record Taken(string Id);

    public static void Map(WebApplication app) => app.MapPost("/images/{camera}", TakeAsync)
        .WithMetadata(new RequestSizeLimitAttribute(PictureBody.MaxBytes))
        .WithTags("Pictures").WithSummary("Takes a picture from a device; answers when Kafka has it")
        .AddOpenApiOperationTransformer((operation, _, _) => Task.FromResult(operation.RequestBody = Body))
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <summary>For people and their tools; the endpoint itself reads whatever it is sent.</summary>
    private static OpenApiRequestBody Body
    {
        get
        {
            var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
            var form = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["image"] = file } };
            return new()
            {
                Description = $"A picture's file: {Picture.Readable}",
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["image/*"] = new() { Schema = file },
                    [MediaTypeNames.Multipart.FormData] = new() { Schema = form },
                },
            };
        }
    }

    private static async Task<Results<Accepted<Taken>, ProblemHttpResult>> TakeAsync(
        string camera, [FromQuery(Name = TruthParameter)] string? truth, [FromHeader(Name = TruthHeader)] string? groundTruth,
        HttpRequest request, DeviceImages images, TimeProvider time, CancellationToken cancellationToken)
    {
        var capturedAt = time.GetUtcNow();
        try
        {
            if (!(await PictureBody.ReadAsync(request, cancellationToken)).IsRead(out var file, out var problem))
            {
                return Refused(
                    problem.Text, problem.Kind == ProblemKind.TooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest);
            }

            if (!Picture.Read(file).IsRead(out var picture, out problem))
            {
                return Refused(problem.Text, StatusOf(problem, file));
            }

            var id = Guid.CreateVersion7(capturedAt).ToString();
            return CapturedImage.Checked(id, camera, truth ?? groundTruth, capturedAt, picture).IsRead(out var image, out problem)
                ? Answer(request.HttpContext.Response, id, await images.TrySendAsync(image))
                : Refused(problem.Text, StatusCodes.Status400BadRequest);
        }
        catch (BadHttpRequestException unreadable)
        {
            return Refused(
                unreadable.StatusCode == StatusCodes.Status413PayloadTooLarge ? PictureBody.TooLarge : unreadable.Message, unreadable.StatusCode);
        }
    }

    private static int StatusOf(Problem problem, byte[] file) =>
        problem.Kind == ProblemKind.WrongSize ? StatusCodes.Status413PayloadTooLarge
        : PictureHeader.FormatOf(file) is null ? StatusCodes.Status415UnsupportedMediaType
        : StatusCodes.Status400BadRequest;

    private static Results<Accepted<Taken>, ProblemHttpResult> Answer(HttpResponse response, string id, DeliveryReport<byte[], byte[]>? report) =>
        report switch
        {
            { Error.IsError: false } => TypedResults.Accepted((string?)null, new Taken(id)),
            { Error.Code: ErrorCode.MsgSizeTooLarge } =>
                Refused($"Kafka's topic takes no picture of this size ({report.Error.Reason}).", StatusCodes.Status413PayloadTooLarge),
            null or { Error.Code: ErrorCode.Local_MsgTimedOut, Status: PersistenceStatus.NotPersisted } =>
                Later(response, StatusCodes.Status429TooManyRequests, "Kafka is behind and has not taken the picture; send it again in a moment."),
            { Status: PersistenceStatus.PossiblyPersisted } =>
                Later(response, StatusCodes.Status503ServiceUnavailable,
                    "Kafka has not said whether it has taken the picture; sent again it may be stored twice."),
            _ => Later(response, StatusCodes.Status503ServiceUnavailable, $"Kafka does not take the picture ({report.Error.Reason})."),
        };

    private static ProblemHttpResult Refused(string reason, int statusCode) =>
        TypedResults.Problem(reason, title: "The picture cannot be used", statusCode: statusCode);

    private static ProblemHttpResult Later(HttpResponse response, int statusCode, string reason)
    {
        response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(reason, statusCode: statusCode);
    }
}
