using System.Text;
using Pipeline.Contracts;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Contracts;

/// <summary>What real senders put around and into the older JSON: it costs no picture.</summary>
public sealed class LenientReadingTests
{
    private static readonly DateTimeOffset RecordTime = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly byte[] Png = APicture.Png(Vectors.Picture);

    private static string Base64 => Convert.ToBase64String(Png);

    private static string Json => $$"""{"ID":"a","producer_id":"p","GroundTruth":"ship","Data":"{{Base64}}"}""";

    public static TheoryData<string, byte[], string?> Wrapped => new()
    {
        { "byte order mark", [0xEF, 0xBB, 0xBF, .. Bytes(Json)], null },
        { "byte order mark and header", [0xEF, 0xBB, 0xBF, .. Bytes(Json)], "application/json" },
        { "blanks before", Bytes(" \r\n\t" + Json), null },
        { "line end after", Bytes(Json + "\n"), null },
        { "closing zero", Bytes(Json + "\0"), null },
        { "schema registry", [0, 0, 0, 0, 12, .. Bytes(Json)], null },
        { "text/json", Bytes(Json), "text/json" },
        { "application/*+json", Bytes(Json), "application/cloudevents+json; charset=utf-8" },
        { "header of the other encoding", Bytes(Json), "application/x-protobuf" },
    };

    [Theory]
    [MemberData(nameof(Wrapped))]
    public void What_stands_around_the_json_is_no_matter(string what, byte[] value, string? contentType) =>
        Assert.True(
            CapturedImage.Parse(value, contentType, RecordTime).IsRead(out var image, out var problem) && image.Id == "a", $"{what}: {problem}");

    public static TheoryData<string, string> Encodings => new()
    {
        { "data URI", "data:image/png;base64," + Base64 },
        { "wrapped", string.Join("\\r\\n", Base64.Chunk(76).Select(line => new string(line))) + "\\n" },
        { "URL alphabet", Base64.Replace('+', '-').Replace('/', '_') },
        { "no padding", Base64.TrimEnd('=') },
        { "all of it", "data:image/png;base64, " + Base64.Replace('+', '-').Replace('/', '_').TrimEnd('=') },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Base64_may_be_written_in_any_of_its_ways(string what, string data)
    {
        var json = Json.Replace(Base64, data, StringComparison.Ordinal);

        Assert.True(CapturedImage.Parse(Bytes(json), null, RecordTime).IsRead(out var image, out var problem), $"{what}: {problem}");
        Assert.Equal(Vectors.Colours, APicture.Pixels(image!.Picture.Data.ToArray()).Data.ToArray());
    }

    [Theory]
    [InlineData("""{"ID":"a","GroundTruth":"ship","temp":NaN,"range":[-Infinity,Infinity],"note":"NaN \" NaN",DATA}""")]
    [InlineData("""{"ID":"a","GroundTruth":"ship","meta":[[[[[[[[[[[[{"x":[1]}]]]]]]]]]]]],DATA}""")]
    [InlineData("""{"id":"a","groundTruth":" Ship ","DATA":null,DATA}""")]
    [InlineData("""{"ID":"a","GroundTruth":"ship","image":"BASE64"}""")]
    [InlineData("""{"ID":"a","GroundTruth":"ship","image_data":"BASE64"}""")]
    public void What_nobody_reads_may_be_odd_and_names_may_differ(string json)
    {
        json = json.Replace(",DATA}", $",\"Data\":\"{Base64}\"}}", StringComparison.Ordinal).Replace("BASE64", Base64, StringComparison.Ordinal);

        Assert.True(CapturedImage.Parse(Bytes(json), null, RecordTime).IsRead(out var image, out var problem), problem?.ToString());
        Assert.Equal(("a", "ship"), (image!.Id, image.GroundTruth));
    }

    [Theory]
    [InlineData("1772366400")]
    [InlineData("1772366400.0")]
    [InlineData("1772366400000")]
    [InlineData("1772366400000000")]
    [InlineData("1772366400000000000")]
    [InlineData("\"2026-03-01T12:00:00Z\"")]
    [InlineData("\"2026-03-01T13:00:00+01:00\"")]
    [InlineData("\"2026-03-01 12:00:00\"")]
    [InlineData("\"1772366400\"")]
    public void A_timestamp_is_the_capture_time_in_whatever_unit(string timestamp)
    {
        var json = Json.Replace("{", $"{{\"timestamp\":{timestamp},", StringComparison.Ordinal);

        Assert.True(CapturedImage.Parse(Bytes(json), null, default).IsRead(out var image, out var problem), problem?.ToString());
        Assert.Equal(RecordTime, image!.CapturedAt);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("7")]
    [InlineData("9223372036854775807")]
    [InlineData("1e400")]
    [InlineData("\"yesterday\"")]
    [InlineData("\"9999-12-31T23:59:59Z\"")]
    [InlineData("null")]
    [InlineData("{\"seconds\":1}")]
    public void A_timestamp_that_is_no_plausible_time_counts_as_none(string timestamp)
    {
        var json = Json.Replace("{\"ID\"", $"{{\"timestamp\":{timestamp},\"ID\"", StringComparison.Ordinal);

        Assert.True(CapturedImage.Parse(Bytes(json), null, RecordTime).IsRead(out var image, out var problem), problem?.ToString());
        Assert.Equal(RecordTime, image!.CapturedAt);
    }

    [Theory]
    [InlineData("SUkqAAgAAAA=", "TIFF")]
    [InlineData("AAAAHGZ0eXBhdmlm", "AVIF")]
    public void A_picture_in_a_format_that_is_not_read_is_called_by_its_name(string data, string format)
    {
        var json = Json.Replace(Base64, data, StringComparison.Ordinal);

        Assert.False(CapturedImage.Parse(Bytes(json), null, RecordTime).IsRead(out _, out var problem));
        Assert.Equal(ProblemKind.UnsupportedPicture, problem.Kind);
        Assert.Contains(format, problem.Text, StringComparison.Ordinal);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
