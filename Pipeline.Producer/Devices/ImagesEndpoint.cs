using System.Globalization;
using Confluent.Kafka;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
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
        .WithMetadata(new RequestSizeLimitAttribute(PictureBody.MaxBytes));

    private static async Task<Results<Accepted<Taken>, ProblemHttpResult>> TakeAsync(
        string camera, HttpRequest request, DeviceImages images, TimeProvider time, CancellationToken cancellationToken)
    {
        var capturedAt = time.GetUtcNow();
        try
        {
            if (!(await PictureBody.ReadAsync(request, cancellationToken)).IsRead(out var file, out var problem))
            {
                return Refused(problem.Text, problem.Kind == ProblemKind.TooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest);
            }

            if (!Picture.Read(file).IsRead(out var picture, out problem))
            {
                return Refused(problem.Text, StatusOf(problem, file));
            }

            var id = Guid.CreateVersion7(capturedAt).ToString();
            return CapturedImage.Checked(id, camera, TruthOf(request), capturedAt, picture).IsRead(out var image, out problem)
                ? Answer(request.HttpContext.Response, id, await images.TrySendAsync(image))
                : Refused(problem.Text, StatusCodes.Status400BadRequest);
        }
        catch (BadHttpRequestException unreadable)
        {
            return Refused(unreadable.StatusCode == StatusCodes.Status413PayloadTooLarge ? PictureBody.TooLarge : unreadable.Message, unreadable.StatusCode);
        }
    }

    private static string? TruthOf(HttpRequest request) =>
        request.Query.TryGetValue(TruthParameter, out var truth) || request.Headers.TryGetValue(TruthHeader, out truth) ? truth.ToString() : null;

    private static int StatusOf(Problem problem, byte[] file) =>
        problem.Kind == ProblemKind.WrongSize ? StatusCodes.Status413PayloadTooLarge
        : PictureHeader.FormatOf(file) is null ? StatusCodes.Status415UnsupportedMediaType
        : StatusCodes.Status400BadRequest;

    private static Results<Accepted<Taken>, ProblemHttpResult> Answer(HttpResponse response, string id, DeliveryReport<byte[], byte[]>? report) => report switch
    {
        { Error.IsError: false } => TypedResults.Accepted((string?)null, new Taken(id)),
        { Error.Code: ErrorCode.MsgSizeTooLarge } => Refused($"Kafka's topic takes no picture of this size ({report.Error.Reason}).", StatusCodes.Status413PayloadTooLarge),
        null or { Error.Code: ErrorCode.Local_MsgTimedOut, Status: PersistenceStatus.NotPersisted } =>
            Later(response, StatusCodes.Status429TooManyRequests, "Kafka is behind and has not taken the picture; send it again in a moment."),
        { Status: PersistenceStatus.PossiblyPersisted } =>
            Later(response, StatusCodes.Status503ServiceUnavailable, "Kafka has not said whether it has taken the picture; sent again it may be stored twice."),
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
