using System.Text;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Producer;

/// <summary>The service as its users run it, against a broker of its own.</summary>
[Trait("Speed", "slow")]
public sealed class ProducerServiceTests
{
    [Fact]
    public async Task A_finite_run_sends_every_image_once_reports_and_ends()
    {
        await using var kafka = new BrokerAndFolder();
        await kafka.StartAsync();

        var ended = await RunAsync(kafka.Address, "--Cameras:Producers", "4", "--Cameras:Images", "250", "--Cameras:Rate", "0");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("Cameras show 1,000 CIFAR-10 test images (sample), 32x32", ended.Output, StringComparison.Ordinal);
        Assert.Contains("sent 1000, acknowledged 1000, failed 0", ended.Output, StringComparison.Ordinal);
        var images = await ImagesAsync(kafka.Address);
        Assert.Equal(1000, images.Select(image => image.Image.Id).Distinct().Count());
        foreach (var camera in images.GroupBy(image => image.Image.ProducerId))
        {
            Assert.Equal(250, camera.Count());
            Assert.Single(camera.Select(image => image.Partition).Distinct());
            Assert.Equal(camera.Select(image => image.Image.CapturedAt).Order(), camera.Select(image => image.Image.CapturedAt));
            Assert.Equal(camera.Key, Assert.Single(camera.Select(image => image.Key).Distinct()));
        }
        Assert.Equal(4, images.Select(image => image.Partition).Distinct().Count());
        Assert.Equal(1000, images.Select(image => Convert.ToHexString(image.Image.Picture.Data.Span)).Distinct().Count());
    }

    [Fact]
    public async Task The_pace_is_the_schedules_and_every_image_says_when_it_was_due_and_when_it_was_taken()
    {
        await using var kafka = new BrokerAndFolder();
        await kafka.StartAsync();

        var ended = await RunAsync(kafka.Address, "--Cameras:Producers", "2", "--Cameras:Images", "20", "--Cameras:Rate", "50");

        Assert.Equal(0, ended.ExitCode);
        var images = await ImagesAsync(kafka.Address);
        foreach (var camera in images.GroupBy(image => image.Image.ProducerId))
        {
            var times = camera.Select(image => image.ScheduledAt).ToArray();
            for (var i = 1; i < times.Length; i++)
            {
                Assert.Equal(TimeSpan.FromMilliseconds(20), times[i] - times[i - 1]);
            }
            // Nothing is sent before it is due; Kafka's own timestamps are whole milliseconds.
            Assert.All(camera, image => Assert.True(image.SentAt >= image.Image.CapturedAt - TimeSpan.FromMilliseconds(1.5),
                $"{image.SentAt:O} {image.Image.CapturedAt:O}"));
            Assert.All(
                camera, image => Assert.True(image.Image.CapturedAt >= image.ScheduledAt, $"{image.Image.CapturedAt:O} {image.ScheduledAt:O}"));
        }
        var firsts = images.GroupBy(image => image.Image.ProducerId).Select(camera => camera.Min(image => image.ScheduledAt)).Order().ToArray();
        Assert.Equal(TimeSpan.FromMilliseconds(10), firsts[1] - firsts[0]);
    }

    [Theory]
    [InlineData("--Cameras:Rate", "-1", "Rate")]
    [InlineData("--Cameras:Rate", "fast", "Cameras:Rate")]
    [InlineData("--Cameras:Dataset", "/nowhere", "Cameras__Dataset")]
    public async Task A_wrong_option_is_one_line_that_names_it(string option, string value, string named)
    {
        await using var kafka = new BrokerAndFolder();
        await kafka.StartAsync();

        var ended = await RunAsync(kafka.Address, option, value);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(named, Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fetch-cifar100", 2)]
    [InlineData("--help", 0)]
    public async Task Help_and_a_word_that_is_no_command_say_what_there_is_and_need_no_broker(string word, int exitCode)
    {
        var ended = await ServiceProcess.RunAsync("Pipeline.Producer", [word]);

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Contains("fetch-cifar10 ", exitCode == 0 ? ended.Output : ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_does_not_answer_is_one_line_with_the_remedy()
    {
        var ended = await RunAsync("127.0.0.1:1");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("Kafka at 127.0.0.1:1 does not answer", Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
    }

    private static Task<ClientResult> RunAsync(string address, params string[] arguments) =>
        ServiceProcess.RunAsync("Pipeline.Producer", arguments, ("ConnectionStrings__kafka", address));

    private static async Task<List<(
        CapturedImage Image, string Key, int Partition, DateTime SentAt, DateTimeOffset ScheduledAt)>> ImagesAsync(string address)
    {
        var images = new List<(CapturedImage, string, int, DateTime, DateTimeOffset)>();
        foreach (var record in await TopicReader.ReadAllAsync(address, Topics.ImageData))
        {
            Assert.True(
                CapturedImage.Parse(record.Message.Value, record.ContentType(), default).IsRead(out var image, out var problem), problem?.Text);
            var scheduledAt = Assert.NotNull(record.Message.Headers.Instant(ImageHeaders.ScheduledAt));
            images.Add(
                (image, Encoding.UTF8.GetString(record.Message.Key), record.Partition.Value, record.Message.Timestamp.UtcDateTime, scheduledAt));
        }
        return images;
    }

    private sealed class BrokerAndFolder : IAsyncDisposable
    {
        private readonly TemporaryFolder _data = new();
        private ServerProcess? _server;

        public string Address => _server!.Address;

        public async Task StartAsync() => _server = await ServerProcess.StartKafkaAsync(_data.Path);

        public async ValueTask DisposeAsync()
        {
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }

            _data.Dispose();
        }
    }
}
