using Embedded.Aspire.Dashboard.Otlp;
using Embedded.Aspire.Dashboard.Telemetry;
using Embedded.Tests.Dashboard.Telemetry;
using FsCheck;
using FsCheck.Fluent;

namespace Embedded.Tests.Dashboard.Otlp;

public sealed class OtlpCodecTests
{
    private static readonly (MessageType Type, Func<RandomTelemetry, byte[]> Write, Func<byte[], byte[]> ReadAndWrite)[] Signals =
    [
        (OtlpSchema.TraceRequest, random => Requests.Traces(random.Spans()), bytes => Requests.Traces([.. Requests.Decoder().ReadTraces(bytes)])),
        (OtlpSchema.LogRequest, random => Requests.Logs(random.Logs()), bytes => Requests.Logs([.. Requests.Decoder().ReadLogs(bytes)])),
        (OtlpSchema.MetricRequest, random => Requests.Metrics(random.Metrics()), bytes => Requests.Metrics([.. Requests.Decoder().ReadMetrics(bytes)])),
    ];

    [Fact]
    public void Decoding_and_encoding_changes_nothing() => ForSeeds(300, seed => Assert.All(Signals, signal =>
    {
        var bytes = signal.Write(new RandomTelemetry(seed));

        Assert.Equal(bytes, signal.ReadAndWrite(bytes));
    }));

    [Fact]
    public void A_line_of_JSON_says_all_that_the_protobuf_said() => ForSeeds(300, seed => Assert.All(Signals, signal =>
    {
        var bytes = signal.Write(new RandomTelemetry(seed));

        var again = Requests.ToProtobuf(Requests.ToJson(bytes, signal.Type), signal.Type);

        Assert.Equal(bytes, signal.ReadAndWrite(again));
    }));

    [Fact]
    public void Damaged_requests_are_decoded_or_refused_and_nothing_else() => ForSeeds(300, seed => Assert.All(Signals, signal =>
    {
        var random = new Random(seed);
        var bytes = signal.Write(new RandomTelemetry(seed));
        if (bytes.Length == 0) return;

        for (var attempt = 0; attempt < 10; attempt++)
        {
            DecodeOrRefuse(signal, bytes[..random.Next(bytes.Length)]);
            var flipped = bytes.ToArray();
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
            DecodeOrRefuse(signal, flipped);
        }
    }));

    [Fact]
    public void Random_bytes_and_damaged_JSON_are_refused() => ForSeeds(500, seed => Assert.All(Signals, signal =>
    {
        var random = new Random(seed);
        var bytes = new byte[random.Next(1, 200)];
        random.NextBytes(bytes);
        DecodeOrRefuse(signal, bytes);

        var json = Requests.ToJson(signal.Write(new RandomTelemetry(seed)), signal.Type).ToCharArray();
        json[random.Next(json.Length)] = (char)random.Next(1, 0x100);
        try
        {
            Requests.ToProtobuf(new string(json), signal.Type);
        }
        catch (OtlpException) { }
    }));

    [Fact]
    public void Unknown_fields_are_skipped_and_the_order_does_not_matter()
    {
        // span_id before trace_id; field 90 of each wire type; the resource behind its spans.
        byte[] span = [
            .. Field(2, [1, 2, 3, 4, 5, 6, 7, 8]), 0xD0, 0x05, 0x96, 0x01, 0xD1, 0x05, 1, 2, 3, 4, 5, 6, 7, 8, 0xD5, 0x05, 1, 2, 3, 4, .. Field(90, [9, 9]),
            .. Field(1, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]), .. Field(5, "one"u8), .. Field(5, "two"u8)];
        byte[] request = Field(1, [.. Field(2, Field(2, span)), .. Field(90, [1]), .. Field(1, Field(1, [.. Field(1, "service.name"u8), .. Field(2, Field(1, "camera"u8))]))]);

        var decoded = Assert.Single(Requests.Decoder().ReadTraces(request));

        Assert.Equal(("two", "camera"), (decoded.Name, decoded.Resource.ServiceName));
        Assert.Equal(("0102030405060708090a0b0c0d0e0f10", "0102030405060708"), (decoded.TraceId.ToString(), decoded.SpanId.ToString()));
    }

    [Fact]
    public void Messages_that_come_in_pieces_are_merged()
    {
        byte[] span = [.. Field(1, new byte[16].Select((_, index) => (byte)(index + 1)).ToArray()), .. Field(2, [1, 2, 3, 4, 5, 6, 7, 8]),
            .. Field(15, Field(2, "boom"u8)), .. Field(15, [0x18, 2])];
        byte[] request = Field(1, [
            .. Field(1, Field(1, [.. Field(1, "a"u8), .. Field(2, [0x18, 1])])), .. Field(2, Field(2, span)), .. Field(1, Field(1, [.. Field(1, "b"u8), .. Field(2, [0x18, 2])]))]);

        var decoded = Assert.Single(Requests.Decoder().ReadTraces(request));

        Assert.Equal((SpanStatus.Error, "boom"), (decoded.Status, decoded.StatusMessage));
        Assert.Equal(["a", "b"], decoded.Resource.Attributes.Select(attribute => attribute.Key));
        var json = Requests.ToJson(request, OtlpSchema.TraceRequest);
        Assert.Contains("""
            "status":{"message":"boom","code":2}
            """.Trim(), json, StringComparison.Ordinal);
        Assert.Contains("""{"key":"a","value":{"intValue":"1"}},{"key":"b","value":{"intValue":"2"}}""", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Repeated_numbers_come_packed_or_not(bool packed)
    {
        byte[] one = [1, 0, 0, 0, 0, 0, 0, 0], two = [2, 0, 0, 0, 0, 0, 0, 0], half = [0, 0, 0, 0, 0, 0, 0xE0, 0x3F];
        byte[] point = packed ? [.. Field(6, [.. one, .. two]), .. Field(7, half)] : [0x31, .. one, 0x31, .. two, 0x39, .. half];
        byte[] request = Field(1, Field(2, Field(2, [.. Field(1, "time"u8), .. Field(9, Field(1, point))])));

        var metric = Assert.Single(Requests.Decoder().ReadMetrics(request));

        var histogram = Assert.IsType<HistogramPoint>(Assert.Single(metric.Points).Point);
        Assert.Equal([1ul, 2], histogram.BucketCounts);
        Assert.Equal([0.5], histogram.ExplicitBounds);
        Assert.Contains("\"bucketCounts\":[\"1\",\"2\"],\"explicitBounds\":[0.5]", Requests.ToJson(request, OtlpSchema.MetricRequest), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_nested_too_deep_are_refused()
    {
        byte[] value = [0x18, 1];
        for (var depth = 0; depth < 10_000; depth++) value = Field(5, Field(1, value));
        var record = Field(1, Field(2, Field(2, Field(5, value))));

        Assert.Throws<OtlpException>(() => Requests.Decoder().ReadLogs(record));
        Assert.Throws<OtlpException>(() => Requests.ToJson(record, OtlpSchema.LogRequest));
        var json = string.Concat(Enumerable.Repeat("""{"arrayValue":{"values":[""", 10_000));
        Assert.Throws<OtlpException>(() => Requests.ToProtobuf("""{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":""" + json, OtlpSchema.LogRequest));
    }

    [Fact]
    public void A_request_of_endless_small_parts_is_refused_before_it_takes_much_memory()
    {
        var records = new byte[20_000_000];
        for (var index = 0; index < records.Length; index += 2) records[index] = 0x12;               // log_records=2, empty

        var refusal = Assert.Throws<OtlpException>(() => Requests.Decoder().ReadLogs(Field(1, Field(2, records))));
        Assert.Contains("smaller batches", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_on_attributes_events_and_length_cut_and_count()
    {
        var limits = new TelemetryLimits { MaxAttributeCount = 2, MaxSpanEventCount = 1, MaxAttributeLength = 3 };
        var span = new Span
        {
            TraceId = new(0, 1),
            SpanId = new(1),
            Name = "a long name stays",
            Attributes = Attributes.Of(("a", "12345"), ("b", 1L), ("c", 1L)),
            Events = [new(1, "first", Attributes.None), new(2, "second", Attributes.None)],
            Resource = Sample.Resource(),
            Scope = Sample.Scope,
        };

        var decoded = Assert.Single(Requests.Decoder(limits).ReadTraces(Requests.Traces(span)));

        Assert.Equal(("123", 2, 1u), (decoded.Attributes["a"].AsString, decoded.Attributes.Count, decoded.DroppedAttributesCount));
        Assert.Equal(("first", 1u), (Assert.Single(decoded.Events).Name, decoded.DroppedEventsCount));
        Assert.Equal("a long name stays", decoded.Name);
    }

    private static void DecodeOrRefuse((MessageType Type, Func<RandomTelemetry, byte[]> Write, Func<byte[], byte[]> ReadAndWrite) signal, byte[] bytes)
    {
        try
        {
            signal.ReadAndWrite(bytes);
        }
        catch (OtlpException)
        {
            return;
        }
        // What the decoder takes, the file takes too: a refusal is then by its own, stricter, look at ids and unknown kinds.
        try
        {
            Requests.ToJson(bytes, signal.Type);
        }
        catch (OtlpException) { }
    }

    private static void ForSeeds(int count, Action<int> check) => Prop
        .ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => check(seed))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(count));

    private static byte[] Field(int number, ReadOnlySpan<byte> bytes)
    {
        using var output = new PooledBytes();
        new ProtobufWriter(output).Bytes(number, bytes);
        return output.Span.ToArray();
    }
}
