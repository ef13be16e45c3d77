using System.Text.Json;
using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>What differs between traces, metrics and logs: where they are sent, their messages, where they are kept.</summary>
/// <param name="Path">Over HTTP.</param>
/// <param name="GrpcPath">Over gRPC.</param>
/// <param name="Add">Decodes a request and keeps what it holds.</param>
internal sealed record OtlpSignal(
    Signal Signal, string Path, string GrpcPath, MessageType Request, MessageType Response,
    Func<TelemetryStore, OtlpDecoder, ReadOnlyMemory<byte>, AddResult> Add)
{
    public static readonly IReadOnlyList<OtlpSignal> All =
    [
        new(Signal.Traces, "/v1/traces", "/opentelemetry.proto.collector.trace.v1.TraceService/Export", OtlpSchema.TraceRequest, OtlpSchema.TraceResponse,
            (store, decoder, request) => store.Traces.Add(decoder.ReadTraces(request.Span))),
        new(Signal.Metrics, "/v1/metrics", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", OtlpSchema.MetricRequest, OtlpSchema.MetricResponse,
            (store, decoder, request) => store.Metrics.Add(decoder.ReadMetrics(request.Span))),
        new(Signal.Logs, "/v1/logs", "/opentelemetry.proto.collector.logs.v1.LogsService/Export", OtlpSchema.LogRequest, OtlpSchema.LogResponse,
            (store, decoder, request) => store.Logs.Add(decoder.ReadLogs(request.Span))),
    ];

    /// <summary>The signal of a line of JSON, told by its first key; null where that is none.</summary>
    public static OtlpSignal? OfJson(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName) return null;
            foreach (var signal in All)
            {
                if (reader.ValueTextEquals(signal.Request.Fields[0].Utf8Name)) return signal;
            }
        }
        catch (JsonException) { }
        return null;
    }
}
