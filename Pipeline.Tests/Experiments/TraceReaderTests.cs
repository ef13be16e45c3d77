using System.Text;
using Pipeline.Latency;
using Pipeline.Latency.Traces;

namespace Pipeline.Tests.Experiments;

public sealed class TraceReaderTests
{
    private const long Due = 1_800_000_000_000_000_000;

    private static readonly AnImage[] Images = [AnImage.Due(1, Due), AnImage.Due(2, Due + 50_000_000, "camera-2")];

    [Fact]
    public async Task Every_stamp_of_an_image_is_read_from_the_span_that_holds_it()
    {
        var sample = (await ReadAsync(TraceLines.Of(Images))).Samples[0];

        Assert.Equal(("image-00001", "camera-1", 2, SampleFlags.None), (sample.ImageId, sample.ProducerId, sample.BatchSize, sample.Flags));
        Assert.All(Enum.GetValues<Stamp>(), stamp => Assert.Equal(Images[0][stamp], sample[stamp]));
    }

    [Fact]
    public async Task Upper_case_ids_numbers_for_strings_and_names_for_numbers_read_alike()
    {
        var usual = await ReadAsync(TraceLines.Of(Images));
        var other = await ReadAsync(TraceLines.Of(Images, span => span.ToOtherJson()));

        AssertSame(usual, other);
    }

    [Fact]
    public async Task Blank_lines_a_torn_last_line_and_other_signals_are_passed_over()
    {
        string[] lines =
        [
            "", """{"resourceLogs":[{"resource":{},"scopeLogs":[{"logRecords":[{"body":{"stringValue":"}"}}]}]}]}""",
            .. TraceLines.Of(Images).SelectMany(line => (string[])[line, "  ", """{"resourceMetrics":[]}"""]), """{"resourceSpans":[{"resou""",
        ];

        var reader = new TraceReader();
        var images = await ReadAsync(lines, reader);

        AssertSame(await ReadAsync(TraceLines.Of(Images)), images);
        Assert.Equal(1, reader.UnreadableLines);
    }

    [Fact]
    public async Task Spans_that_services_dropped_are_told_by_the_last_count_of_each()
    {
        string[] lines = [Dropped("producer", 17), Dropped("producer", 5), Dropped("inference", 3), .. TraceLines.Of(Images)];

        var reader = new TraceReader();
        await ReadAsync(lines, reader);

        Assert.Equal(20, reader.DroppedSpans);

        static string Dropped(string service, int count) => $$$"""
            {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"{{{service}}}"}}]},"scopeMetrics":[{"metrics":[{"name":"otel.sdk.processor.span.processed","sum":{"dataPoints":[{"asInt":"900"},{"attributes":[{"key":"error.type","value":{"stringValue":"queue_full"}}],"asInt":"{{{count}}}"}]}}]}]}]}
            """;
    }

    [Fact]
    public async Task Spans_in_any_order_and_exported_twice_give_the_same_images()
    {
        var spans = Images.SelectMany(image => image.Spans()).ToArray();
        string[] shuffled = [.. spans.Concat(spans).OrderBy(span => span.Id.Aggregate(7, (hash, letter) => hash * 31 + letter))
            .Select(span => TraceLines.Request(span.Service, [span.ToJson()]))];

        AssertSame(await ReadAsync(TraceLines.Of(Images)), await ReadAsync(shuffled));
    }

    [Fact]
    public async Task A_part_taken_twice_is_a_duplicate_and_its_first_time_counts()
    {
        var again = Images[0].Spans().Where(span => span.Name == "process inference_results" && span.Service == "db-consumer")
            .Select(span => span with { Id = "00000000000000ff", Start = span.Start + 1_000_000, End = span.End + 1_000_000 });
        var sample = (await ReadAsync([.. TraceLines.Of(Images), TraceLines.Request("db-consumer", again.Select(span => span.ToJson()))])).Samples[0];

        Assert.Equal(SampleFlags.Duplicate, sample.Flags);
        Assert.Equal(Images[0][Stamp.WriteAcknowledged], sample[Stamp.WriteAcknowledged]);
    }

    [Theory]
    [InlineData("bulkWrite image_data")]
    [InlineData("bulkWrite image_database.image_data")]
    public async Task A_write_is_issued_when_the_linked_database_span_starts_whichever_way_it_is_named(string name)
    {
        var image = Images[0];
        string[] spans =
        [
            .. image.Spans().Where(span => span.Service == "db-consumer" && span.Name != "store wait").Select(span => span.ToJson()
                .Replace("\"status\"", "\"links\":[{\"traceId\":\"0102030405060708090a0b0c0d0e0f10\",\"spanId\":\"00000000000000DB\"}],\"status\"",
                    StringComparison.Ordinal)),
            new ASpan("db-consumer", "0102030405060708090a0b0c0d0e0f10", "00000000000000db", null, name, 3, image[Stamp.WriteIssued],
                image[Stamp.WriteAcknowledged], "").ToJson(),
        ];

        var sample = (await ReadAsync(
            [.. TraceLines.Of([image]).Where(line => !line.Contains("\"db-consumer\"", StringComparison.Ordinal)),
                TraceLines.Request("db-consumer", spans)])).Samples[0];

        Assert.Equal(image[Stamp.WriteIssued], sample[Stamp.WriteIssued]);
    }

    [Fact]
    public async Task A_trace_without_one_of_its_spans_is_incomplete()
    {
        foreach (var missing in Images[0].Spans()
            .Where(span => span.Name is not ("store wait" or "capture image") && !(span.Service == "producer" && span.Kind == 5)))
        {
            var spans = Images[0].Spans().Where(span => span.Id != missing.Id).GroupBy(span => span.Service)
                .Select(service => TraceLines.Request(service.Key, service.Select(span => span.ToJson())));

            Assert.Equal(SampleFlags.Incomplete, Assert.Single((await ReadAsync(spans)).Samples).Flags);
        }
    }

    [Fact]
    public async Task Traces_of_other_topics_read_the_same_when_their_names_are_told()
    {
        var lines = TraceLines.Of(Images).Select(line =>
            line.Replace(" image_data\"", " iot_images\"", StringComparison.Ordinal)
                .Replace(" inference_results\"", " inferences\"", StringComparison.Ordinal)).ToArray();
        var names = new Dictionary<string, string> { ["iot_images"] = "image_data", ["inferences"] = "inference_results" };

        AssertSame(await ReadAsync(TraceLines.Of(Images)), await ReadAsync(lines, topics: names));
        Assert.All((await ReadAsync(lines)).Samples, sample => Assert.Equal(SampleFlags.Incomplete, sample.Flags));
    }

    [Fact]
    public async Task A_trace_that_does_not_say_when_its_image_was_due_is_headless()
    {
        var images = await ReadAsync(TraceLines.Of(Images).Where(line => !line.Contains("\"producer\"", StringComparison.Ordinal)));

        Assert.Empty(images.Samples);
        Assert.Equal(2, images.Headless);
    }

    [Fact]
    public async Task A_file_without_a_line_of_JSON_is_refused_by_name()
    {
        var refused = await Assert.ThrowsAsync<ExperimentException>(() => ReadAsync(["(\u0000binary", "more"]));

        Assert.Contains("test.jsonl", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<AssembledImages> ReadAsync(
        IEnumerable<string> lines, TraceReader? reader = null, IReadOnlyDictionary<string, string>? topics = null)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        var assembler = new TraceAssembler(topics);
        await (reader ?? new TraceReader()).ReadAsync(file, "test.jsonl", assembler.Add, CancellationToken.None);
        return assembler.Build();
    }

    private static void AssertSame(AssembledImages expected, AssembledImages actual)
    {
        Assert.Equal(expected.Samples.Select(Columns), actual.Samples.Select(Columns));
        Assert.Equal(Images.Length, actual.Samples.Count);
    }

    private static string Columns(Sample sample) =>
        string.Join(
            ' ', Enum.GetValues<Stamp>().Select(stamp => sample[stamp])) + $" {sample.ImageId} {sample.ProducerId} {sample.BatchSize} {sample.Flags}";
}
