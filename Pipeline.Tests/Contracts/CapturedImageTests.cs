using System.Text;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Contracts;

public class CapturedImageTests
{
    private static readonly DateTimeOffset RecordTime = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CapturedImage Golden = CapturedImage.Of(
        "0197d3a0-0000-7000-8000-000000000001", "camera-1", "ship", UnixNanoseconds.ToInstant(1_750_000_000_123_456_700), Vectors.Picture);

    [Fact]
    public void The_protobuf_form_is_the_golden_one_both_ways()
    {
        var golden = Vectors.Read("captured-image.bin");

        Assert.Equal(golden, Golden.Write());
        var read = Read(golden, MessageEncoding.Protobuf);
        Assert.Equal(
            (Golden.Id, Golden.ProducerId, Golden.GroundTruth, Golden.CapturedAt), (read.Id, read.ProducerId, read.GroundTruth, read.CapturedAt));
        Assert.Equal(Vectors.Colours, read.Picture.Data.ToArray());
        Assert.Equal(PictureFormat.Rgb24, read.Picture.Format);
    }

    [Fact]
    public void A_camera_that_knows_no_truth_says_none_in_either_encoding()
    {
        var image = Golden with { GroundTruth = null };

        Assert.Null(Read(image.Write(), MessageEncoding.Protobuf).GroundTruth);
        Assert.Null(Read(image.AsPng().WriteJson(), MessageEncoding.Json).GroundTruth);
        Assert.DoesNotContain("GroundTruth", Encoding.UTF8.GetString(image.AsPng().WriteJson()), StringComparison.Ordinal);
        Assert.NotEqual(ImageDigest.Of(Golden), ImageDigest.Of(image));
    }

    [Fact]
    public void A_png_in_protobuf_keeps_its_bytes_and_says_how_large_it_is()
    {
        var png = Vectors.Read("rgb-paeth.png");
        var value = (Golden with { Picture = APicture.Read(png) }).Write();

        var read = Read(value, MessageEncoding.Protobuf);

        Assert.Equal(png, read.Picture.Data.ToArray());
        Assert.Equal((PictureFormat.Png, 32, 32), (read.Picture.Format, read.Picture.Width, read.Picture.Height));
    }

    [Fact]
    public void The_json_form_is_written_exactly()
    {
        var png = Vectors.Read("rgb-paeth.png");
        var json = Encoding.UTF8.GetString((Golden with { Picture = APicture.Read(png) }).WriteJson());

        Assert.Equal(
            $$"""{"ID":"0197d3a0-0000-7000-8000-000000000001","producer_id":"camera-1","GroundTruth":"ship","Data":"{{Convert.ToBase64String(png)}}"}""",
            json.Replace("\\u002B", "+", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    [InlineData(null)]
    public void Json_is_told_by_its_header_or_its_first_byte(string? contentType)
    {
        var read = Read(Golden.AsPng().WriteJson(), contentType);

        Assert.Equal(Vectors.Colours, APicture.Pixels(read.Picture.Data.ToArray()).Data.ToArray());
        Assert.Equal(RecordTime, read.CapturedAt);
    }

    [Theory]
    [InlineData("""{"ID":"a","producer_id":"p","GroundTruth":"ship",DATA}""", "a", "p", "ship")]
    [InlineData("""{"image_id":"a","device_id":"p","GroundTruth":"airplane",DATA}""", "a", "p", "plane")]
    [InlineData("""{"ID":7,"ProducerID":"p","GroundTruth":"automobile",DATA}""", "p-7", "p", "car")]
    [InlineData("""{"ID":7.0,"ProducerID":2,"GroundTruth":"Truck",DATA}""", "2-7", "2", "truck")]
    [InlineData("""{"ID":"a","GroundTruth":"cat",DATA}""", "a", "unknown", "cat")]
    [InlineData("""{"ID":12345678901234567890,"GroundTruth":"cat","more":{"x":[1]},DATA}""", "unknown-12345678901234567890", "unknown", "cat")]
    public void Json_is_read_liberally(string json, string id, string producerId, string groundTruth)
    {
        var read = Read(Json(json), contentType: null);

        Assert.Equal((id, producerId, groundTruth), (read.Id, read.ProducerId, read.GroundTruth));
    }

    [Theory]
    [InlineData("""{"ID":"a","GroundTruth":"ship"}""", ProblemKind.MissingField)]
    [InlineData("""{"GroundTruth":"ship",DATA}""", ProblemKind.MissingField)]
    [InlineData("""{"ID":null,"GroundTruth":"ship",DATA}""", ProblemKind.MissingField)]
    [InlineData("""{"ID":"a"}""", ProblemKind.MissingField)]
    [InlineData("""{"ID":"a","GroundTruth":"ze\nbra",DATA}""", ProblemKind.UnknownLabel)]
    [InlineData("""{"ID":["a"],"GroundTruth":"ship",DATA}""", ProblemKind.BadValue)]
    [InlineData("""{"ID":"a","GroundTruth":"ship","Data":"not base64!"}""", ProblemKind.BadBase64)]
    [InlineData("""{"ID":"a","GroundTruth":"ship","Data":"aGVsbG8="}""", ProblemKind.BrokenPng)]
    [InlineData("""{"ID":"\ud800","GroundTruth":"ship",DATA}""", ProblemKind.BrokenJson)]
    [InlineData("""{"ID":"a","GroundTruth":"ship",DATA} {""", ProblemKind.BrokenJson)]
    [InlineData("""{"ID":"a","GroundTruth":"ship",DATA""", ProblemKind.BrokenJson)]
    [InlineData("{", ProblemKind.BrokenJson)]
    public void Wrong_json_is_refused_with_its_reason(string json, ProblemKind expected) =>
        Assert.Equal(expected, ProblemOf(Json(json), contentType: null).Kind);

    [Theory]
    [InlineData("text/plain", ProblemKind.UnknownEncoding)]
    [InlineData("", ProblemKind.UnknownEncoding)]
    [InlineData(null, ProblemKind.UnknownEncoding)]
    [InlineData("application/json", ProblemKind.BrokenJson)]
    public void Protobuf_without_its_header_is_not_guessed(string? contentType, ProblemKind expected) =>
        Assert.Equal(expected, ProblemOf(Golden.Write(), contentType).Kind);

    [Fact]
    public void Sizes_labels_and_formats_that_do_not_fit_are_named()
    {
        Assert.Equal(ProblemKind.WrongPixelCount, Protobuf(Golden with { Picture = new Rgb24(32, 32, new byte[3071]) }).Kind);
        Assert.Contains(
            "3072 bytes, and 3071 came", Protobuf(Golden with { Picture = new Rgb24(32, 32, new byte[3071]) }).Text, StringComparison.Ordinal);
        Assert.Equal(ProblemKind.WrongSize, Protobuf(Golden with { Picture = new Rgb24(0, 0, Vectors.Colours) }).Kind);
        Assert.Equal(ProblemKind.UnknownLabel, Protobuf(Golden with { GroundTruth = new string('z', 129) }).Kind);
        Assert.Equal(ProblemKind.MissingField, Protobuf(Golden with { Id = "" }).Kind);
        Assert.Equal(ProblemKind.TooLarge, Protobuf(Golden with { Id = new string('x', 257) }).Kind);
        Assert.Equal(ProblemKind.TooLarge, Protobuf(Golden with { Picture = new Rgb24(32, 32, new byte[2_000_000]) }).Kind);
        Assert.Equal(ProblemKind.UnknownPixelFormat, ProblemOf([], MessageEncoding.Protobuf).Kind);
        Assert.False(CapturedImage.Parse(null, null, RecordTime).IsRead(out _, out _));

        static Problem Protobuf(CapturedImage image) => ProblemOf(image.Write(), MessageEncoding.Protobuf);
    }

    [Fact]
    public void A_missing_producer_is_unknown_and_a_missing_capture_time_the_records_time()
    {
        var read = Read((Golden with { ProducerId = "", CapturedAt = DateTimeOffset.UnixEpoch }).Write(), MessageEncoding.Protobuf);

        Assert.Equal(("unknown", RecordTime), (read.ProducerId, read.CapturedAt));
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        foreach (var (value, contentType) in new[] { (Golden.Write(), MessageEncoding.Protobuf), (Golden.AsPng().WriteJson(), MessageEncoding.Json) })
        {
            for (var length = 0; length < value.Length; length++)
            {
                Assert.False(CapturedImage.Parse(value[..length], contentType, RecordTime).IsRead(out _, out _), $"{length} bytes of {contentType}");
            }
        }
    }

    [Fact]
    public void No_flipped_bit_and_no_random_bytes_crash_the_reader()
    {
        foreach (var (value, contentType) in new[] { (Golden.Write(), MessageEncoding.Protobuf), (Golden.AsPng().WriteJson(), MessageEncoding.Json) })
        {
            for (var bit = 0; bit < value.Length * 8; bit++)
            {
                value[bit / 8] ^= (byte)(1 << bit % 8);
                if (CapturedImage.Parse(value, contentType, RecordTime).IsRead(out var image, out _))
                {
                    Assert.InRange((long)image.Picture.Width * image.Picture.Height, 1, Limits.MaxPicturePixels);
                }

                value[bit / 8] ^= (byte)(1 << bit % 8);
            }
        }
        var random = new Random(11);
        for (var round = 0; round < 20_000; round++)
        {
            var noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            CapturedImage.Parse(noise, round % 2 == 0 ? MessageEncoding.Protobuf : MessageEncoding.Json, RecordTime).IsRead(out _, out _);
        }
    }

    private static byte[] Json(string json) =>
        Encoding.UTF8.GetBytes(json.Replace("DATA", $"\"Data\":\"{Convert.ToBase64String(Vectors.Read("rgb-sub.png"))}\"", StringComparison.Ordinal));

    private static CapturedImage Read(byte[] value, string? contentType)
    {
        Assert.True(CapturedImage.Parse(value, contentType, RecordTime).IsRead(out var image, out var problem), problem?.ToString());
        return image;
    }

    private static Problem ProblemOf(byte[] value, string? contentType)
    {
        Assert.False(CapturedImage.Parse(value, contentType, RecordTime).IsRead(out _, out var problem));
        return problem;
    }
}
