using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.Producer;
using Pipeline.ServiceDefaults.Telemetry;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Producer;

public sealed class ImageSenderTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    [Fact]
    public async Task What_the_client_refuses_is_an_error_each_time_and_takes_no_room()
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = kafka.Address, MessageMaxBytes = 1_000 })
            .Build();
        using var sender = new ImageSender(
            producer, TraceSampling.From(new ConfigurationBuilder().Build(), TimeProvider.System), AHost.Metrics(), new(), TimeProvider.System);
        var image = CapturedImage.Of(
            "1", "camera-1", "ship", DateTimeOffset.UtcNow, new Rgb24(Rgb24.ImageWidth, Rgb24.ImageHeight, new byte[Rgb24.ImageBytes]));
        var partition = new TopicPartition(Topics.ImageData, 0);

        for (var i = 0; i < 3 * ImageSender.MaxInFlight; i++)
        {
            var refused = await Assert.ThrowsAnyAsync<KafkaException>(
                async () => await sender.SendAsync(partition, [1], image, DateTimeOffset.UtcNow, default));
            Assert.Equal(ErrorCode.MsgSizeTooLarge, refused.Error.Code);
        }

        Assert.Equal(0, sender.Sent);
    }

    [Fact]
    public async Task Files_in_flight_are_bounded_by_their_bytes_and_make_room_also_when_they_fail()
    {
        const int Room = ImageSender.MaxFileBytesInFlight / Limits.MaxPictureBytes;
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = "127.0.0.1:1", MessageTimeoutMs = 1_000 })
            .SetLogHandler((_, _) => { }).Build();
        using var sender = new ImageSender(
            producer, TraceSampling.From(new ConfigurationBuilder().Build(), TimeProvider.System), AHost.Metrics(), new(), TimeProvider.System);
        var image = CapturedImage.Of(
            "1", "yard", null, DateTimeOffset.UtcNow, new Picture(PictureFormat.Jpeg, 32, 32, new byte[Limits.MaxPictureBytes]));

        for (var round = 0; round < 2; round++)
        {
            var sent = Enumerable.Range(0, Room + 5)
                .Select(_ => sender.TrySendAsync(new TopicPartition(Topics.ImageData, 0), [1], image, DateTimeOffset.UtcNow)).ToArray();

            Assert.Equal(5, sent.Count(one => one is { IsCompletedSuccessfully: true, Result: null }));
            var reports = (await Task.WhenAll(sent)).OfType<DeliveryReport<byte[], byte[]>>().ToArray();
            Assert.Equal(Room, reports.Length);
            Assert.All(
                reports, report => Assert.Equal((ErrorCode.Local_MsgTimedOut, PersistenceStatus.NotPersisted), (report.Error.Code, report.Status)));
        }
    }
}
