using System.Text.Json;
using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>
/// <c>/api/telemetry</c>: what the store holds, for programs. Traces, spans and logs come as lines of OTLP's JSON, as in the
/// telemetry file; resources and counters as plain JSON.
/// </summary>
/// <remarks>Left out: following what is yet to come (<c>?follow=true</c>), metrics.</remarks>
internal static class TelemetryApi
{
    private const string Lines = "application/x-ndjson";
    private const int DefaultLimit = 200;
    private const int MaxLimit = 10_000;

    public static void MapTelemetryApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/telemetry");
        api.MapGet("/counters", (TelemetryStore store) => Enum.GetValues<Signal>().ToDictionary(signal => signal.ToString(), store.Counters));
        api.MapGet("/resources", (TelemetryStore store) => store.Resources.Select(resource => new
        {
            name = resource.DisplayName,
            serviceName = resource.ServiceName,
            instanceId = resource.InstanceId,
        }));
        api.MapGet("/traces", (HttpContext context, TelemetryStore store, string? resource, bool? error, int? limit) =>
            WriteTracesAsync(context, Find(store, resource, error, limit).Select(trace => trace.Spans)));
        api.MapGet("/traces/{id}", (HttpContext context, TelemetryStore store, string id) =>
            TraceId.TryParse(id, out var traceId) && store.Traces.Find(traceId) is { } trace
                ? WriteTracesAsync(context, [trace.Spans])
                : NotFoundAsync(context, $"There is no trace '{id}'."));
        api.MapGet("/spans", (HttpContext context, TelemetryStore store, string? resource, bool? error, int? limit) =>
            WriteTracesAsync(context, Find(store, resource, error, limit)
                .SelectMany(trace => trace.Spans)
                .Where(span => (resource is null || span.Resource.DisplayName == resource) && (error is not true || span.IsError))
                .Take(Bounded(limit))
                .Select(span => (IReadOnlyList<Span>)[span])));
        api.MapGet("/logs", (HttpContext context, TelemetryStore store, string? resource, string? traceId, int? minSeverity, int? limit) =>
            WriteAsync(context, OtlpSchema.LogRequest, OtlpEncoder.WriteLogs, store.Logs.Query(new LogQuery
            {
                Filters = [record => resource is null || record.Resource.DisplayName == resource],
                TraceId = TraceId.TryParse(traceId, out var id) ? id : default,
                MinSeverityNumber = minSeverity ?? 0,
                Take = Bounded(limit),
            }).Items.Select(record => (IReadOnlyList<LogRecord>)[record])));
    }

    private static IReadOnlyList<Trace> Find(TelemetryStore store, string? resource, bool? error, int? limit) => store.Traces.Query(new TraceQuery
    {
        Filters = resource is null ? [] : [trace => trace.Resources.Any(count => count.Resource.DisplayName == resource)],
        ErrorsOnly = error is true,
        Take = Bounded(limit),
    }).Items;

    private static int Bounded(int? limit) => Math.Clamp(limit ?? DefaultLimit, 1, MaxLimit);

    private static Task WriteTracesAsync(HttpContext context, IEnumerable<IReadOnlyList<Span>> lines) =>
        WriteAsync(context, OtlpSchema.TraceRequest, OtlpEncoder.WriteTraces, lines);

    private static async Task WriteAsync<T>(HttpContext context, MessageType type, Action<IEnumerable<T>, PooledBytes> encode, IEnumerable<IReadOnlyList<T>> lines)
    {
        context.Response.ContentType = Lines;
        using var message = new PooledBytes();
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, ProtobufToJson.WriterOptions);
        foreach (var line in lines)
        {
            message.Clear();
            json.Reset();
            encode(line, message);
            ProtobufToJson.Convert(message.Span, type, json);
            json.Flush();
            await context.Response.BodyWriter.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
        }
    }

    private static Task NotFoundAsync(HttpContext context, string problem)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsync(problem, context.RequestAborted);
    }
}
