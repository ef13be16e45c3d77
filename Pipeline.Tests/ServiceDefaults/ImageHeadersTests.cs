using System.Text;
using Confluent.Kafka;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Tests.ServiceDefaults;

public sealed class ImageHeadersTests
{
    private static readonly DateTimeOffset Scheduled = new(639_000_000_000_000_000, TimeSpan.Zero);

    [Fact]
    public void Instants_are_decimal_unix_nanoseconds()
    {
        var headers = Written();

        Assert.Equal("1764403200000000000", headers.Text(ImageHeaders.ScheduledAt));
        Assert.Equal("1764403200000012300", headers.Text(ImageHeaders.CapturedAt));
        Assert.Equal(Scheduled.AddTicks(123), headers.Instant(ImageHeaders.CapturedAt));
        Assert.Equal(("image-1", "camera-1"), (headers.Text(ImageHeaders.ImageId), headers.Text(ImageHeaders.ProducerId)));
    }

    [Fact]
    public void A_prediction_repeats_the_last_of_each_and_has_its_own_time_of_sending()
    {
        var image = Written();
        image.Add(ImageHeaders.ImageId, "image-2"u8.ToArray());
        var prediction = new Headers();

        ImageHeaders.Forward(image, prediction, Scheduled.AddSeconds(2));

        Assert.Equal(5, prediction.Count);
        Assert.Equal("image-2", prediction.Text(ImageHeaders.ImageId));
        Assert.Equal(Scheduled, prediction.Instant(ImageHeaders.ScheduledAt));
        Assert.Equal(Scheduled.AddSeconds(2), prediction.Instant(ImageHeaders.SentAt));
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("12 ")]
    [InlineData("99999999999999999999")]
    public void What_is_no_instant_counts_as_missing(string text) =>
        Assert.Null(new Headers { { ImageHeaders.SentAt, Encoding.ASCII.GetBytes(text) } }.Instant(ImageHeaders.SentAt));

    private static Headers Written()
    {
        var headers = new Headers();
        ImageHeaders.Write(headers, "image-1", "camera-1"u8.ToArray(), Scheduled.AddTicks(123), Scheduled, Scheduled.AddSeconds(1));
        return headers;
    }
}
