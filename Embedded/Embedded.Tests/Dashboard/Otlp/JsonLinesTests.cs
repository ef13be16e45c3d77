using System.Text;
using Embedded.Aspire.Dashboard.Otlp;
using Embedded.Aspire.Dashboard.Telemetry;
using Embedded.Tests.Support;
using Signal = Embedded.Aspire.Dashboard.Telemetry.Signal;

namespace Embedded.Tests.Dashboard.Otlp;

/// <summary>The form of the Collector's file exporter. The golden file was written by hand, after its documentation.</summary>
public sealed class JsonLinesTests
{
    private static readonly string[] Golden =
        File.ReadAllLines(Path.Combine(Repository.Root, "Embedded", "Embedded.Tests", "Golden", "otlp-collector.jsonl"));

    [Fact]
    public void Lines_of_the_Collector_are_read_and_written_alike()
    {
        Assert.All(Golden, line =>
        {
            var type = OtlpSignal.OfJson(Encoding.UTF8.GetBytes(line))!.Request;
            Assert.Equal(line, Requests.ToJson(Requests.ToProtobuf(line, type), type));
        });
        Assert.Equal([Signal.Traces, Signal.Logs, Signal.Metrics], Golden.Select(line => OtlpSignal.OfJson(Encoding.UTF8.GetBytes(line))!.Signal));
    }

    [Fact]
    public void What_a_line_says_arrives_in_the_model()
    {
        var span = Assert.Single(Requests.Decoder().ReadTraces(Requests.ToProtobuf(Golden[0], OtlpSchema.TraceRequest)));

        Assert.Equal(("process image_data", SpanKind.Consumer, SpanStatus.Error, "boom", 769u), (span.Name, span.Kind, span.Status, span.StatusMessage, span.Flags));
        Assert.Equal("eee19b7ec3c1b173", span.ParentSpanId.ToString());
        Assert.Equal(TimeSpan.FromSeconds(1), span.Duration);
        Assert.Equal(42, span.Attributes["messaging.kafka.offset"].AsInt);
        Assert.Equal("[\"ship\",-8]", span.Attributes["labels"].ToString());
        Assert.Equal(SpanTypes.Messaging, span.Type);
        Assert.Equal("0102030405060708", Assert.Single(span.Links).SpanId.ToString());
        Assert.Equal("no \"image\" – <none>", Assert.Single(span.Events).Attributes["exception.message"].AsString);
        Assert.Equal("4711", span.Resource.Attributes["process.pid"].ToString());
    }

    [Theory]
    [InlineData("\"5b8efff798038103d269b633813fc60c\"", "\"5B8EFFF798038103D269B633813FC60C\"")]        // ids in upper case
    [InlineData("\"1544712660000000000\"", "1544712660000000000")]                                       // 64-bit integers as numbers
    [InlineData("\"kind\":5", "\"kind\":\"SPAN_KIND_CONSUMER\"")]                                        // enums by name
    [InlineData("\"name\":\"process images\"", "\"parentSpanId\":\"\",\"name\":\"process images\"")]     // an empty parent
    [InlineData("\"status\":{}", "\"status\":{\"code\":0,\"message\":\"\"},\"links\":null,\"attributes\":[]")]
    [InlineData("\"status\":{}", "\"unheardOf\":[{\"deep\":[1,{}]}],\"status\":{}")]
    [InlineData("\"name\":\"process images\"", "\"na\\u006de\":\"process \\u0069mages\"")]
    public void What_other_senders_write_is_read_the_same(string canonical, string other)
    {
        var variant = Requests.SpanJson.Replace(canonical, other, StringComparison.Ordinal);
        Assert.NotEqual(Requests.SpanJson, variant);

        Assert.Equal(Requests.SpanJson, Requests.ToJson(Requests.ToProtobuf(variant, OtlpSchema.TraceRequest), OtlpSchema.TraceRequest));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"resourceSpans\":{}}")]
    [InlineData("{\"resourceSpans\":[3]}")]
    [InlineData("{\"resourceSpans\":[]} {}")]
    [InlineData("{\"resourceSpans\":[{\"resource\":{\"droppedAttributesCount\":4294967296}}]}")]
    [InlineData("{\"resourceSpans\":[{\"schemaUrl\":\"\\ud800\"}]}")]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"5b8\"}]}]}]}")]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"zz\"}]}]}]}")]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"kind\":\"CAMERA\"}]}]}]}")]
    public void What_is_no_request_is_refused(string json) =>
        Assert.Throws<OtlpException>(() => Requests.ToProtobuf(json, OtlpSchema.TraceRequest));

    [Fact]
    public void Text_that_is_no_UTF_8_is_written_as_valid_JSON()
    {
        byte[] schemaUrl = [0x0A, 6, 0x1A, 4, (byte)'a', 0xFF, 0xC3, (byte)'b'];

        Assert.Equal("""{"resourceSpans":[{"resource":{},"schemaUrl":"a\uFFFD\uFFFDb"}]}""", Requests.ToJson(schemaUrl, OtlpSchema.TraceRequest));
    }
}
