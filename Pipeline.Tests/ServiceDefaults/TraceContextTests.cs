using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Tests.ServiceDefaults;

public class TraceContextTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void A_span_travels_through_headers_byte_for_byte()
    {
        using var span = new Activity("send").SetParentId(Parent).SetIdFormat(ActivityIdFormat.W3C).Start();
        span.TraceStateString = "vendor=1";
        var headers = new Headers { { "traceparent", "stale"u8.ToArray() } };

        TraceContext.Inject(span, headers);

        Assert.Equal(span.Id,
            Assert.Single(headers, header => header.Key == "traceparent") is { } only ? Encoding.ASCII.GetString(only.GetValueBytes()) : null);
        Assert.True(TraceContext.TryExtract(headers, out var context));
        Assert.Equal((span.TraceId, span.SpanId, "vendor=1"), (context.TraceId, context.SpanId, context.TraceState));
    }

    [Fact]
    public void A_context_that_is_passed_on_stays_as_it_came_byte_for_byte()
    {
        var from = Headers(Parent[..^2] + "00");
        from.Add("tracestate", "vendor=1"u8.ToArray());
        var headers = Headers("stale");

        TraceContext.Forward(from, headers);

        Assert.Equal((Parent[..^2] + "00", "vendor=1", 2), (headers.Text("traceparent"), headers.Text("tracestate"), headers.Count));
    }

    [Theory]
    [InlineData("00", true)]
    [InlineData("01", false)]
    [InlineData("02", true)]
    [InlineData("0b", false)]
    [InlineData("fe", true)]
    public void The_lowest_flag_says_whether_a_trace_is_recorded(string flags, bool isNotRecorded) =>
        Assert.Equal(isNotRecorded, TraceContext.IsNotRecorded(Headers(Parent[..^2] + flags)));

    [Fact]
    public void A_trace_that_is_not_recorded_travels_as_a_valid_context_that_says_so()
    {
        var headers = Headers(Parent);

        TraceContext.InjectNotRecorded(headers);

        Assert.Single(headers);
        Assert.True(TraceContext.TryExtract(headers, out var context));
        Assert.Equal(ActivityTraceFlags.None, context.TraceFlags);
        Assert.True(TraceContext.IsNotRecorded(headers));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319Cxb7ad6b7169203331-01")]
    public void A_malformed_context_counts_as_none(string? parent) =>
        Assert.False(TraceContext.TryExtract(parent is null ? null : Headers(parent), out _));

    [Fact]
    public void The_last_of_several_headers_counts()
    {
        var headers = Headers("00-11111111111111111111111111111111-1111111111111111-01");
        headers.Add("traceparent", Encoding.ASCII.GetBytes(Parent));

        Assert.True(TraceContext.TryExtract(headers, out var context));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", context.TraceId.ToHexString());
    }

    private static Headers Headers(string parent) => new() { { "traceparent", Encoding.ASCII.GetBytes(parent) } };
}
