using System.Buffers.Binary;
using System.Globalization;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>
/// OTLP over gRPC, as far as it needs: unary Export calls over HTTP/2. A message is one byte that says whether it is compressed,
/// four of length (big-endian), and the protobuf; the outcome stands in the trailers.
/// </summary>
/// <remarks>Source: gRPC over HTTP2. Left out: streams, other calls, other compressions than gzip, deadlines.</remarks>
internal sealed class OtlpGrpc(OtlpReceiver receiver, OtlpIntake intake, ILogger<OtlpGrpc> log)
{
    private const int PrefixBytes = 5;

    // grpc-status
    private const int Ok = 0, InvalidArgument = 3, ResourceExhausted = 8, Unavailable = 14, Unauthenticated = 16;

    public async Task HandleAsync(HttpContext context, OtlpSignal signal)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) is not true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        context.Response.ContentType = "application/grpc";
        var (status, problem) = await ExportAsync(context, signal);
        context.Response.AppendTrailer("grpc-status", status.ToString(CultureInfo.InvariantCulture));
        if (problem is not null) context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(problem));
    }

    private async Task<(int Status, string? Problem)> ExportAsync(HttpContext context, OtlpSignal signal)
    {
        if (!intake.IsAllowed(context.Request)) return (Unauthenticated, $"The metadata {OtlpIntake.ApiKeyHeader} is missing or holds another key.");
        using var turn = await intake.WaitForTurnAsync(context.RequestAborted);
        if (!turn.IsAcquired) return (Unavailable, "Too many requests are waiting; send it again a little later.");
        try
        {
            await receiver.WaitUntilReadyAsync(context.RequestAborted);
            var result = receiver.Receive(signal, await ReadAsync(context));
            using var message = new PooledBytes();
            OtlpHttp.WriteResult(message, result);
            var framed = new byte[PrefixBytes + message.Length];
            BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
            message.Span.CopyTo(framed.AsSpan(PrefixBytes));
            await context.Response.Body.WriteAsync(framed, context.RequestAborted);
            return (Ok, null);
        }
        catch (BodyTooLargeException e)
        {
            return (ResourceExhausted, e.Message);
        }
        catch (OtlpException e)
        {
            log.RequestRefused(signal.GrpcPath, e.Message);
            return (InvalidArgument, e.Message);
        }
    }

    private async Task<PooledBytes> ReadAsync(HttpContext context)
    {
        var body = await intake.ReadBodyAsync(context, isGzip: false);
        try
        {
            if (body.Length < PrefixBytes || BinaryPrimitives.ReadUInt32BigEndian(body.Span[1..]) != body.Length - PrefixBytes)
                throw new OtlpException("The call does not hold exactly one message.");
            if (body.Span[0] != 0) return await DecompressAsync(context, body);
            var message = body.Span[PrefixBytes..];
            message.CopyTo(body.Span);
            body.Advance(-PrefixBytes);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private async Task<PooledBytes> DecompressAsync(HttpContext context, PooledBytes body)
    {
        if (context.Request.Headers["grpc-encoding"] != "gzip")
            throw new OtlpException($"The message is compressed with '{context.Request.Headers["grpc-encoding"]}'; send gzip or none.");
        var message = await intake.DecompressAsync(body.Memory[PrefixBytes..], context.RequestAborted);
        body.Dispose();
        return message;
    }
}
