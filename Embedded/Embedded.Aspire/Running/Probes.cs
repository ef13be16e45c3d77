using System.Buffers.Binary;
using System.Globalization;
using System.Net.Http;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Embedded.Aspire.Running;

/// <summary>One question and one answer in a server's own protocol: more than an open port, less than a client library.</summary>
internal static class Probe
{
    private const int MaxAnswerBytes = 1024 * 1024;

    // Kafka: ApiVersions (key 18) v0, correlation id 1, no client id. The answer repeats the correlation id.
    private static readonly byte[] ApiVersions = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF];

    // MongoDB: OP_MSG (2013), request id 1, one body section { ping: 1, $db: "admin" }. The answer names request 1.
    private static readonly byte[] Ping =
    [
        51, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xDD, 7, 0, 0, 0, 0, 0, 0, 0,
        30, 0, 0, 0, 0x10, .. "ping"u8, 0, 1, 0, 0, 0, 2, .. "$db"u8, 0, 6, 0, 0, 0, .. "admin"u8, 0, 0,
    ];

    public static async Task Kafka(string host, int port, CancellationToken cancellation)
    {
        using var client = await ConnectAsync(host, port, cancellation);
        var answer = await AskAsync(client, ApiVersions, 8, cancellation);
        var length = BinaryPrimitives.ReadInt32BigEndian(answer);
        if (length is < 6 or > MaxAnswerBytes || BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(4)) != 1)
            throw new InvalidDataException("What listens there does not speak the Kafka protocol.");
    }

    public static async Task MongoDB(string host, int port, CancellationToken cancellation)
    {
        using var client = await ConnectAsync(host, port, cancellation);
        var answer = await AskAsync(client, Ping, 16, cancellation);
        var length = BinaryPrimitives.ReadInt32LittleEndian(answer);
        if (length is < 26 or > MaxAnswerBytes || BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(8)) != 1)
            throw new InvalidDataException("What listens there does not speak the MongoDB protocol.");
    }

    private static async Task<TcpClient> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(host, port, cancellation);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static async Task<byte[]> AskAsync(TcpClient client, byte[] question, int headerBytes, CancellationToken cancellation)
    {
        var stream = client.GetStream();
        await stream.WriteAsync(question, cancellation);
        var header = new byte[headerBytes];
        await stream.ReadExactlyAsync(header, cancellation);
        return header;
    }
}

/// <summary>Health of an embedded server: it answers in its own protocol.</summary>
internal sealed class ServerProbe(EndpointReference endpoint, Func<string, int, CancellationToken, Task> probe) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!endpoint.IsAllocated) return HealthCheckResult.Unhealthy("The endpoint is not allocated yet.");
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            await probe(endpoint.Host, endpoint.Port, timeout.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidDataException ||
                                  (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy($"{endpoint.Host}:{endpoint.Port} does not answer: {e.Message}");
        }
    }
}

/// <summary>Health of an HTTP endpoint: a URL answers with the expected status. Each replica is asked itself, behind the forwarder.</summary>
internal sealed class HttpProbe(EndpointReference endpoint, string path, int statusCode) : IHealthCheck
{
    /// <summary>The replica being checked; flows with the call because the check is made by the health check service.</summary>
    public static readonly AsyncLocal<int> ReplicaIndex = new();

    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(1), ConnectTimeout = TimeSpan.FromSeconds(2),
    })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!endpoint.IsAllocated) return HealthCheckResult.Unhealthy("The endpoint is not allocated yet.");
        var ports = endpoint.EndpointAnnotation.ReplicaPorts;
        var port = ReplicaIndex.Value < ports.Count ? ports[ReplicaIndex.Value] : endpoint.Port;
        var url = new UriBuilder(endpoint.Scheme, endpoint.Host, port).Uri;
        try
        {
            using var response = await Client.GetAsync(new Uri(url, path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var got = (int)response.StatusCode;
            return got == statusCode
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy(string.Create(CultureInfo.InvariantCulture, $"{path} answered {got}, expected {statusCode}."));
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy($"{path} did not answer: {e.Message}");
        }
    }
}
