using System.Text;
using System.Text.Json;
using Embedded.Aspire.Dashboard.Otlp;
using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Tests.Dashboard.Otlp;

/// <summary>Requests as bytes, and what they say as JSON.</summary>
internal static class Requests
{
    public const string SpanJson =
        """{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"inference"}}]},"scopeSpans":[{"scope":{"name":"Pipeline"},"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"process images","kind":5,"startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712661000000000","status":{}}]}]}]}""";

    public static byte[] Traces(params Span[] spans) => Write(output => OtlpEncoder.WriteTraces(spans, output));

    public static byte[] Logs(params LogRecord[] records) => Write(output => OtlpEncoder.WriteLogs(records, output));

    public static byte[] Metrics(params ReceivedMetric[] metrics) => Write(output => OtlpEncoder.WriteMetrics(metrics, output));

    public static byte[] Write(Action<PooledBytes> write)
    {
        using var output = new PooledBytes();
        write(output);
        return output.Span.ToArray();
    }

    public static string ToJson(byte[] message, MessageType type)
    {
        using var output = new PooledBytes();
        using (var writer = new Utf8JsonWriter(output, ProtobufToJson.WriterOptions)) ProtobufToJson.Convert(message, type, writer);
        return Encoding.UTF8.GetString(output.Span);
    }

    public static byte[] ToProtobuf(string json, MessageType type) =>
        Write(output => JsonToProtobuf.Convert(Encoding.UTF8.GetBytes(json), type, new ProtobufWriter(output)));

    public static OtlpDecoder Decoder(TelemetryLimits? limits = null) => new(new TelemetryStore(limits ?? new TelemetryLimits()), new StringPool());
}
