using System.Collections.Concurrent;
using System.IO.Compression;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pipeline.Tests.Support;

/// <summary>One span as it came over the wire: numbers as text, ids in hex.</summary>
internal sealed record CapturedSpan(string Service, string Scope, string SchemaUrl)
{
    public string TraceId { get; init; } = "";
    public string SpanId { get; init; } = "";
    public string ParentId { get; init; } = "";
    public string Name { get; init; } = "";
    public string Kind { get; init; } = "";
    public ulong Start { get; init; }
    public ulong End { get; init; }
    public int Status { get; init; }
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<(string TraceId, string SpanId)> Links { get; init; } = [];
}

/// <summary>
/// Receives OTLP over HTTP in the test's own process and reads what the tests look at. A reader of its own, field by field,
/// so that the product is not tested with itself. Source: opentelemetry-proto, trace.proto and metrics.proto.
/// </summary>
internal sealed class OtlpCapture : IAsyncDisposable
{
    /// <summary>Names of span kinds, by their numbers.</summary>
    public static readonly string[] Kinds = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<CapturedSpan> _spans = [];
    private readonly ConcurrentQueue<(string Service, string Metric, string Kind, string SchemaUrl)> _metrics = [];
    private readonly ConcurrentQueue<(string Service, string TraceId)> _logs = [];
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> _resources = [];

    private OtlpCapture(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public IReadOnlyList<CapturedSpan> Spans => [.. _spans];

    /// <summary>Every data point's metric: its name, which kind of aggregation it is.</summary>
    public IReadOnlyList<(string Service, string Metric, string Kind, string SchemaUrl)> Metrics => [.. _metrics];

    public IReadOnlyList<(string Service, string TraceId)> Logs => [.. _logs];

    /// <summary>Resource attributes by service.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Resources => _resources;

    public static async Task<OtlpCapture> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var capture = new OtlpCapture(app);
        app.MapPost("/v1/traces", request => ReceiveAsync(request, capture.ReadTraces));
        app.MapPost("/v1/metrics", request => ReceiveAsync(request, capture.ReadMetrics));
        app.MapPost("/v1/logs", request => ReceiveAsync(request, capture.ReadLogs));
        await app.StartAsync();
        return capture;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task ReceiveAsync(HttpContext context, Action<byte[]> read)
    {
        using var body = new MemoryStream();
        var stream = context.Request.Headers.ContentEncoding == "gzip"
            ? new GZipStream(context.Request.Body, CompressionMode.Decompress)
            : context.Request.Body;
        await stream.CopyToAsync(body);
        read(body.ToArray());
    }

    private void ReadTraces(byte[] request) => ReadScopes(request, (service, scope, schema, field, input) =>
    {
        if (field == 2)
        {
            _spans.Enqueue(ReadSpan(new CapturedSpan(service, scope, schema), input));
        }
    });

    private void ReadMetrics(byte[] request) => ReadScopes(request, (service, _, schema, field, bytes) =>
    {
        if (field != 2)
        {
            return;
        }

        var (name, kind) = ("", "");
        ForEach(bytes, (metricField, value) => (name, kind) = metricField switch
        {
            1 => (value.Text, kind),
            5 => (name, "gauge"),
            7 => (name, "sum"),
            9 => (name, "histogram"),
            10 => (name, "exponential histogram"),
            _ => (name, kind),
        });
        _metrics.Enqueue((service, name, kind, schema));
    });

    private void ReadLogs(byte[] request) => ReadScopes(request, (service, _, _, field, bytes) =>
    {
        if (field != 2)
        {
            return;
        }

        var trace = "";
        ForEach(bytes, (logField, value) => trace = logField == 9 ? Hex(value.Bytes) : trace);
        _logs.Enqueue((service, trace));
    });

    /// <summary>
    /// The three requests are built alike: resources (1) hold a resource (1) and scopes (2), those a scope (1), items (2) and a schema (3).
    /// </summary>
    private void ReadScopes(byte[] request, Action<string, string, string, int, byte[]> item)
    {
        ForEach(request, (_, ofResource) =>
        {
            var service = "";
            ForEach(ofResource.Bytes, (field, value) =>
            {
                if (field == 1)
                {
                    var attributes = ReadAttributes(value.Bytes, field: 1);
                    service = attributes.GetValueOrDefault("service.name", "");
                    _resources[service] = attributes;
                }
                if (field != 2)
                {
                    return;
                }

                var (scope, schema) = ("", "");
                ForEach(value.Bytes, (scopeField, part) =>
                {
                    if (scopeField == 1)
                    {
                        ForEach(part.Bytes, (nameField, name) => scope = nameField == 1 ? name.Text : scope);
                    }

                    if (scopeField == 3)
                    {
                        schema = part.Text;
                    }
                });
                ForEach(value.Bytes, (scopeField, part) => item(service, scope, schema, scopeField, part.Bytes));
            });
        });
    }

    private static CapturedSpan ReadSpan(CapturedSpan span, byte[] bytes)
    {
        List<(string, string)> links = [];
        ForEach(bytes, (field, value) =>
        {
            span = field switch
            {
                1 => span with { TraceId = Hex(value.Bytes) },
                2 => span with { SpanId = Hex(value.Bytes) },
                4 => span with { ParentId = Hex(value.Bytes) },
                5 => span with { Name = value.Text },
                6 => span with { Kind = Kinds[(int)value.Number] },
                7 => span with { Start = value.Number },
                8 => span with { End = value.Number },
                15 => span with { Status = ReadStatus(value.Bytes) },
                _ => span,
            };
            if (field == 13)
            {
                var (trace, id) = ("", "");
                ForEach(value.Bytes, (linkField, part) => (trace, id) = linkField switch
                {
                    1 => (Hex(part.Bytes), id),
                    2 => (trace, Hex(part.Bytes)),
                    _ => (trace, id),
                });
                links.Add((trace, id));
            }
        });
        return span with { Attributes = ReadAttributes(bytes, field: 9), Links = links };
    }

    private static int ReadStatus(byte[] bytes)
    {
        var code = 0;
        ForEach(bytes, (field, value) => code = field == 3 ? (int)value.Number : code);
        return code;
    }

    private static Dictionary<string, string> ReadAttributes(byte[] bytes, int field)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        ForEach(bytes, (number, pair) =>
        {
            if (number != field)
            {
                return;
            }

            var (key, text) = ("", "");
            ForEach(pair.Bytes, (part, value) =>
            {
                if (part == 1)
                {
                    key = value.Text;
                }
                else
                {
                    ForEach(value.Bytes, (type, content) => text = type switch
                    {
                        1 => $"\"{content.Text}\"",
                        3 => $"int {content.Number}",
                        4 => $"double {BitConverter.UInt64BitsToDouble(content.Number):R}",
                        _ => $"type {type}",
                    });
                }
            });
            attributes[key] = key == "service.name" ? text.Trim('"') : text;
        });
        return attributes;
    }

    private static void ForEach(byte[] message, Action<int, (byte[] Bytes, string Text, ulong Number)> field)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag && tag != 0)
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.LengthDelimited:
                    var bytes = input.ReadBytes();
                    field(number, (bytes.ToByteArray(), bytes.ToStringUtf8(), 0));
                    break;
                case WireFormat.WireType.Fixed64:
                    field(number, ([], "", input.ReadFixed64()));
                    break;
                case WireFormat.WireType.Fixed32:
                    field(number, ([], "", input.ReadFixed32()));
                    break;
                default:
                    field(number, ([], "", input.ReadUInt64()));
                    break;
            }
        }
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
