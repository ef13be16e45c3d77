using System.Globalization;
using System.Text.Json;
using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>
/// OTLP over HTTP: <c>POST /v1/traces</c>, <c>/v1/metrics</c>, <c>/v1/logs</c>, protobuf or JSON, plain or gzip, answered in kind.
/// </summary>
/// <remarks>
/// 200 all or part was kept (part: the answer says what was not, and it is not to be sent again) · 400 not decodable ·
/// 401 no key · 413 too long · 415 another content type or encoding · 429 come again after Retry-After. Source: OTLP 1.x, "OTLP/HTTP".
/// </remarks>
internal sealed class OtlpHttp(OtlpReceiver receiver, OtlpIntake intake, ILogger<OtlpHttp> log)
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";
    private const int RetryAfterSeconds = 1;

    // google.rpc.Code
    private const uint InvalidArgument = 3, ResourceExhausted = 8, Unavailable = 14, Unauthenticated = 16;

    public async Task HandleAsync(HttpContext context, OtlpSignal signal)
    {
        var (request, response) = (context.Request, context.Response);
        if (ContentType(request) is not { } contentType)
        {
            await RefuseTypeAsync(response, $"Content-Type is '{request.ContentType}'; send {Protobuf} or {Json}.");
            return;
        }
        if (IsGzip(request) is not { } isGzip)
        {
            await RefuseTypeAsync(response, $"Content-Encoding is '{request.Headers.ContentEncoding}'; send gzip or none.");
            return;
        }

        var isJson = contentType == Json;
        response.ContentType = contentType;
        if (!intake.IsAllowed(request))
        {
            await FailAsync(context, isJson, StatusCodes.Status401Unauthorized, Unauthenticated, $"The header {OtlpIntake.ApiKeyHeader} is missing or holds another key.");
            return;
        }

        using var turn = await intake.WaitForTurnAsync(context.RequestAborted);
        if (!turn.IsAcquired)
        {
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            await FailAsync(context, isJson, StatusCodes.Status429TooManyRequests, Unavailable, "Too many requests are waiting; send it again a little later.");
            return;
        }

        try
        {
            await receiver.WaitUntilReadyAsync(context.RequestAborted);
            var result = receiver.Receive(signal, await ReadAsync(context, signal, isGzip, isJson));
            await AnswerAsync(context, signal, isJson, result);
        }
        catch (BodyTooLargeException e)
        {
            await FailAsync(context, isJson, StatusCodes.Status413PayloadTooLarge, ResourceExhausted, e.Message);
        }
        catch (OtlpException e)
        {
            log.RequestRefused(signal.Path, e.Message);
            await FailAsync(context, isJson, StatusCodes.Status400BadRequest, InvalidArgument, e.Message);
        }
    }

    /// <summary>The body in protobuf.</summary>
    private async Task<PooledBytes> ReadAsync(HttpContext context, OtlpSignal signal, bool isGzip, bool isJson)
    {
        var body = await intake.ReadBodyAsync(context, isGzip);
        if (!isJson) return body;
        using (body)
        {
            return FromJson(body.Span, signal);
        }
    }

    internal static PooledBytes FromJson(ReadOnlySpan<byte> json, OtlpSignal signal)
    {
        var message = new PooledBytes();
        try
        {
            JsonToProtobuf.Convert(json, signal.Request, new ProtobufWriter(message));
            return message;
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private static async Task AnswerAsync(HttpContext context, OtlpSignal signal, bool isJson, AddResult result)
    {
        using var message = new PooledBytes();
        WriteResult(message, result);
        await WriteAsync(context, isJson, signal.Response, message);
    }

    /// <summary>An Export…ServiceResponse: empty when everything was kept.</summary>
    internal static void WriteResult(PooledBytes message, AddResult result)
    {
        if (result.Rejected == 0) return;
        var writer = new ProtobufWriter(message);
        var start = writer.Begin(1);
        writer.Varint(1, (ulong)result.Rejected);
        writer.String(2, result.Problem ?? "");
        writer.End(start);
    }

    private static async Task FailAsync(HttpContext context, bool isJson, int status, uint code, string problem)
    {
        context.Response.StatusCode = status;
        using var message = new PooledBytes();
        var writer = new ProtobufWriter(message);
        writer.Varint(1, code);
        writer.String(2, problem);
        await WriteAsync(context, isJson, OtlpSchema.RpcStatus, message);
    }

    private static async Task WriteAsync(HttpContext context, bool isJson, MessageType type, PooledBytes message)
    {
        if (!isJson)
        {
            context.Response.ContentLength = message.Length;
            await context.Response.Body.WriteAsync(message.Memory, context.RequestAborted);
            return;
        }
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, ProtobufToJson.WriterOptions);
        ProtobufToJson.Convert(message.Span, type, writer);
    }

    private static Task RefuseTypeAsync(HttpResponse response, string problem)
    {
        response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
        return response.WriteAsync(problem);
    }

    private static string? ContentType(HttpRequest request)
    {
        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        if (end >= 0) type = type[..end];
        type = type.Trim();
        return type.Equals(Protobuf, StringComparison.OrdinalIgnoreCase) ? Protobuf : type.Equals(Json, StringComparison.OrdinalIgnoreCase) ? Json : null;
    }

    private static bool? IsGzip(HttpRequest request) => request.Headers.ContentEncoding.ToString().ToLowerInvariant() switch
    {
        "" or "identity" => false,
        "gzip" => true,
        _ => null,
    };
}
