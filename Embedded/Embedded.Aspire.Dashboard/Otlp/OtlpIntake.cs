using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>What HTTP and gRPC have in common before a request is decoded: the key, the turn, the body and its limit.</summary>
internal sealed class OtlpIntake(DashboardOptions dashboard, IOptions<OtlpOptions> options) : IDisposable
{
    public const string ApiKeyHeader = "x-otlp-api-key";

    private readonly byte[][] _keyHashes =
        [.. new[] { dashboard.OtlpApiKey, options.Value.SecondaryApiKey }.Where(key => !string.IsNullOrEmpty(key)).Select(key => Hash(key!))];

    private readonly ConcurrencyLimiter _turns = new(new()
    {
        PermitLimit = options.Value.MaxConcurrentRequests,
        QueueLimit = options.Value.MaxQueuedRequests,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public int MaxBodyBytes => options.Value.MaxBodyBytes;

    /// <summary>Whether the request shows a key; anyone may send where none is set.</summary>
    public bool IsAllowed(HttpRequest request)
    {
        if (dashboard.OtlpApiKey is null) return true;
        var shown = Hash(request.Headers[ApiKeyHeader].ToString());
        var isKnown = false;
        foreach (var key in _keyHashes) isKnown |= CryptographicOperations.FixedTimeEquals(key, shown);
        return isKnown;
    }

    /// <summary>A turn, to be disposed of; one that is not acquired says that too many are waiting.</summary>
    public ValueTask<RateLimitLease> WaitForTurnAsync(CancellationToken cancellation) => _turns.AcquireAsync(1, cancellation);

    /// <exception cref="BodyTooLargeException">The body, decompressed, is longer than allowed.</exception>
    /// <exception cref="OtlpException">It says it is compressed and is not.</exception>
    public async Task<PooledBytes> ReadBodyAsync(HttpContext context, bool isGzip)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxBodyBytes;
        var body = new PooledBytes();
        try
        {
            if (!isGzip)
            {
                await FillAsync(body, context.Request.Body, context.RequestAborted);
                return body;
            }
            await using var decompressed = new GZipStream(context.Request.Body, CompressionMode.Decompress, leaveOpen: true);
            await FillAsync(body, decompressed, context.RequestAborted);
            return body;
        }
        catch (Exception e)
        {
            body.Dispose();
            throw e switch
            {
                InvalidDataException => new OtlpException($"The body is no gzip: {e.Message}", e),
                BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new BodyTooLargeException(MaxBodyBytes, e),
                _ => e,
            };
        }
    }

    /// <summary>Unpacks one message of a gRPC call.</summary>
    public async Task<PooledBytes> DecompressAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        var body = new PooledBytes();
        try
        {
            await using var decompressed = new GZipStream(new MemoryStream(message.ToArray()), CompressionMode.Decompress);
            await FillAsync(body, decompressed, cancellation);
            return body;
        }
        catch (Exception e)
        {
            body.Dispose();
            throw e is InvalidDataException ? new OtlpException($"The message is no gzip: {e.Message}", e) : e;
        }
    }

    public void Dispose() => _turns.Dispose();

    private async Task FillAsync(PooledBytes body, Stream from, CancellationToken cancellation)
    {
        while (await from.ReadAsync(body.GetMemory(), cancellation) is > 0 and var count)
        {
            body.Advance(count);
            if (body.Length > MaxBodyBytes) throw new BodyTooLargeException(MaxBodyBytes);
        }
    }

    // Of equal length, so that comparing tells nothing of a key's length either.
    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

/// <summary>A request beyond <see cref="OtlpOptions.MaxBodyMegabytes"/>.</summary>
internal sealed class BodyTooLargeException(int maxBytes, Exception? inner = null)
    : Exception($"A request has at most {maxBytes} bytes, decompressed (Dashboard:Otlp:MaxBodyMegabytes); send smaller batches.", inner);
