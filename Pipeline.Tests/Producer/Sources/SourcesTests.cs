using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Confluent.Kafka;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Producer.Sources;

/// <summary>Cameras that are not simulated, as the service runs them: each test has names of its own on one broker.</summary>
[Trait("Speed", "slow")]
public sealed class SourcesTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_is_shown_as_it_is_over_and_over_with_the_labels_that_its_folders_are_named_after()
    {
        var files = new Dictionary<string, byte[]>
        {
            ["automobile/1.jpg"] = AJpeg.Of(1),
            ["other/2.png"] = APicture.Png(APicture.Quarters(20, 30)),
            ["ship/3.jpeg"] = AJpeg.Of(3),
        };
        WriteAll(files);
        WriteAll(new()
        {
            ["README.txt"] = "none"u8.ToArray(),
            ["large.jpg"] = [.. AJpeg.Of(4), .. new byte[Limits.MaxPictureBytes]],
            [".hidden/4.jpg"] = AJpeg.Of(5),
            ["bomb.png"] = PictureFile.Bomb(),
        });

        var ended = await RunAsync(images: 7, rate: 0, $"folder={_folder.Path}");

        var images = await ImagesAsync("folder");
        Assert.Equal([.. files.Values, .. files.Values, files["automobile/1.jpg"]], images.Select(image => image.Picture.Data.ToArray()));
        Assert.Equal(["car", null, "ship", "car", null, "ship", "car"], images.Select(image => image.GroundTruth));
        Assert.Equal([PictureFormat.Jpeg, PictureFormat.Png, PictureFormat.Jpeg], images.Take(3).Select(image => image.Picture.Format));
        Assert.Contains("sent 7, acknowledged 7, failed 0", ended.Output, StringComparison.Ordinal);
        foreach (var passedOver in (string[])["README.txt is passed over: these bytes are no picture",
            "large.jpg is passed over: a picture's file has at most", "bomb.png is passed over"])
        {
            Assert.Single(ended.Lines, line => line.Contains(passedOver, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Folders_may_be_named_after_the_labels_of_ones_own_model()
    {
        var model = Path.GetDirectoryName(new AModel().Write(_folder.File("model"), """{"labels": ["Weld crack", "pore"]}"""))!;
        WriteAll(new()
        {
            ["pictures/pore/1.jpg"] = AJpeg.Of(1),
            ["pictures/ship/2.jpg"] = AJpeg.Of(2),
            ["pictures/weld crack/3.jpg"] = AJpeg.Of(3),
        });

        (await ServiceProcess.RunAsync("Pipeline.Producer", [], [.. Settings(rate: 0, $"welds={_folder.File("pictures")}"), ("Cameras__Images", "3"), ("Cameras__Model", model)])).Succeeded();

        Assert.Equal(["pore", null, "Weld crack"], (await ImagesAsync("welds")).Select(image => image.GroundTruth));
    }

    [Theory]
    [InlineData("pictures.zip")]
    [InlineData("pictures.tar")]
    [InlineData("pictures.tar.gz")]
    public async Task An_archive_is_shown_like_a_folder(string name)
    {
        var path = _folder.File(name);
        await PackAsync(path, ("a/cat/1.jpg", AJpeg.Of(1)), ("a/notes.txt", "none"u8.ToArray()), ("b/2.jpg", AJpeg.Of(2)),
            ("b/large.jpg", [.. AJpeg.Of(4), .. new byte[Limits.MaxPictureBytes]]));

        var ended = await RunAsync(images: 4, rate: 0, $"{name}={path}");

        var images = await ImagesAsync(name);
        Assert.Equal([AJpeg.Of(1), AJpeg.Of(2), AJpeg.Of(1), AJpeg.Of(2)], images.Select(image => image.Picture.Data.ToArray()));
        Assert.Equal(["cat", null, "cat", null], images.Select(image => image.GroundTruth));
        Assert.Single(ended.Lines, line => line.Contains("a/notes.txt is passed over", StringComparison.Ordinal));
        Assert.Single(ended.Lines, line => line.Contains("b/large.jpg is passed over", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pictures_of_a_folder_are_due_at_the_rate()
    {
        WriteAll(new() { ["1.jpg"] = AJpeg.Of(1), ["2.jpg"] = AJpeg.Of(2) });

        await RunAsync(images: 10, rate: 20, $"paced={_folder.Path}");

        var due = (await RecordsAsync("paced")).Select(record => Assert.NotNull(record.Headers.Instant(ImageHeaders.ScheduledAt))).ToArray();
        Assert.All(due.Zip(due.Skip(1), (one, next) => next - one), gap => Assert.True(gap >= TimeSpan.FromMilliseconds(50), $"{gap}"));
    }

    [Fact]
    public async Task Snapshots_are_asked_for_at_the_rate_with_the_login_that_the_address_holds()
    {
        await using var camera = await CameraServer.StartAsync(AJpeg.Numbered, login: "me:s ecret");

        var ended = await RunAsync(
            images: 5, rate: 20, $"snapshots={camera.Address.Replace("://", "://me:s%20ecret@", StringComparison.Ordinal)}/snapshot.jpg");

        Assert.Equal(camera.Shown, (await ImagesAsync("snapshots")).Select(image => image.Picture.Data.ToArray()));
        Assert.Equal(5, camera.Shown.Count);
        Assert.DoesNotContain("s%20ecret", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_goes_on_after_its_camera_was_switched_off_and_health_says_what_is_waited_for()
    {
        await using var camera = await CameraServer.StartAsync(AJpeg.Numbered);
        await using var producer = await StartAsync(rate: 0, $"stream={camera.Address}/stream");
        await SentAsync(producer, "stream", 5);

        await camera.SwitchOffAsync();
        await Polling.UntilAsync(
            async () => await producer.Http.GetStringAsync("/health") is var health && health.StartsWith("Degraded", StringComparison.Ordinal)
                && health.Contains("stream: ", StringComparison.Ordinal),
            Limit, () => producer.Transcript);
        var before = camera.Shown.Count;
        await camera.SwitchOnAsync();

        await SentAsync(producer, "stream", 1, image => AJpeg.NumberOf(image.Picture.Data.Span) > before);
        Assert.Equal("Healthy", await producer.Http.GetStringAsync("/health"));
        Assert.Contains("/stream) is waited for: ", producer.Transcript, StringComparison.Ordinal);
        Assert.Contains("/stream) shows pictures again", producer.Transcript, StringComparison.Ordinal);
        Assert.Equal(0, await producer.StopAsync());
        var shown = camera.Shown.Select(Convert.ToHexString).ToHashSet();
        Assert.All(await ImagesAsync("stream"), image => Assert.Contains(Convert.ToHexString(image.Picture.Data.Span), shown));
    }

    [Fact]
    public async Task A_camera_that_has_moved_is_followed_and_another_host_is_not_told_its_login()
    {
        await using var camera = await CameraServer.StartAsync(AJpeg.Numbered, login: "me:secret");
        var other = camera.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        var moved = $"{camera.Address.Replace("://", "://me:secret@", StringComparison.Ordinal)}/moved?to=";

        await RunAsync(images: 1, rate: 0, $"moved={moved}/snapshot.jpg");
        Assert.NotEmpty(camera.Logins);
        camera.Logins.Clear();
        await using var producer = await StartAsync(rate: 0, $"lured={moved}{other}/snapshot.jpg");

        await Polling.UntilAsync(
            async () => (await producer.Http.GetStringAsync("/health")).Contains("lured: the camera wants a login", StringComparison.Ordinal), Limit,
            () => producer.Transcript);
        Assert.Empty(camera.Logins);
    }

    [Fact]
    public async Task Of_a_stream_no_more_is_sent_than_the_rate_says()
    {
        await using var camera = await CameraServer.StartAsync(AJpeg.Numbered);

        await RunAsync(images: 4, rate: 5, $"slow={camera.Address}/stream");

        var images = await ImagesAsync("slow");
        // Of three intervals of 0.2 s the first may begin one late, and the last end half of one early.
        Assert.True(images[^1].CapturedAt - images[0].CapturedAt > TimeSpan.FromSeconds(0.3), $"{images[0].CapturedAt:O} {images[^1].CapturedAt:O}");
        Assert.True(camera.Shown.Count > 4, $"{camera.Shown.Count} frames shown");
    }

    [Fact]
    public async Task A_source_that_is_not_there_is_waited_for_and_the_others_go_on()
    {
        var later = _folder.File("later");
        await using var producer = await StartAsync(rate: 20, $"later={later}", "beside=cifar10", "nobody=http://127.0.0.1:1/");

        await SentAsync(producer, "beside", 5,
            image => (image.Picture.Format, image.Picture.Width, image.GroundTruth is null) == (PictureFormat.Rgb24, 32, false));
        await Polling.UntilAsync(
            async () => await producer.Http.GetStringAsync("/health") is var health
                && health.Contains("later: there is no such folder", StringComparison.Ordinal)
                && health.Contains("nobody: Connection refused", StringComparison.Ordinal),
            Limit, () => producer.Transcript);
        WriteAll(new() { ["later/1.jpg"] = AJpeg.Of(1) });

        await SentAsync(producer, "later", 1);
    }

    [Theory]
    [InlineData("empty", "it holds no picture that can be sent")]
    [InlineData("empty.zip", "no zip archive")]
    [InlineData("empty.tar.gz", "no tar archive")]
    [InlineData("file", "name the folder that it is in")]
    public async Task A_source_without_pictures_says_so_with_the_remedy(string name, string reason)
    {
        if (name == "empty")
        {
            Directory.CreateDirectory(_folder.File(name));
        }
        else
        {
            await File.WriteAllTextAsync(_folder.File(name), "no archive");
        }

        await using var producer = await StartAsync(rate: 0, $"{name}={_folder.File(name)}");

        await Polling.UntilAsync(
            async () => (await producer.Http.GetStringAsync("/health")).Contains(reason, StringComparison.Ordinal), Limit, () => producer.Transcript);
    }

    [Fact]
    public async Task An_address_that_shows_no_pictures_is_no_camera()
    {
        await using var camera = await CameraServer.StartAsync(_ => "<html>"u8.ToArray(), contentType: "text/html");
        await using var producer = await StartAsync(rate: 0, $"page={camera.Address}/snapshot.jpg", $"wrong={camera.Address}/nothing");

        await Polling.UntilAsync(
            async () =>
                await producer.Http.GetStringAsync("/health") is var health
                && health.Contains(
                    "page: nothing that it shows can be sent: these bytes are no picture; send JPEG, PNG, WebP, GIF or BMP (it came as text/html)",
                    StringComparison.Ordinal)
                && health.Contains("wrong: the camera answers 404", StringComparison.Ordinal),
            Limit, () => producer.Transcript);
    }

    [Fact]
    public async Task What_a_file_is_called_does_not_steer_the_terminal()
    {
        WriteAll(new() { ["1.jpg"] = AJpeg.Of(1), ["\x1b[2J\nfail: me.txt"] = "none"u8.ToArray() });

        var ended = await RunAsync(images: 2, rate: 0, $"steered={_folder.Path}");

        Assert.Single(ended.Lines, line => line.Contains("\uFFFD[2J\uFFFDfail: me.txt is passed over", StringComparison.Ordinal));
        Assert.DoesNotContain("\x1b[2J", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yard", "'yard' is no source")]
    [InlineData("yard=ftp://host/a.jpg", "the source yard is 'ftp://host/a.jpg'")]
    public async Task A_spec_that_is_none_is_one_line(string spec, string reason)
    {
        var ended = await ServiceProcess.RunAsync("Pipeline.Producer", ["--Cameras:Source:0", spec], ("ConnectionStrings__kafka", kafka.Address));

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(reason, Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    /// <summary>The parser of .NET throws what its documentation does not name.</summary>
    [Fact]
    public async Task An_archive_that_its_parser_cannot_bear_stops_no_other_camera()
    {
        var header = new byte[512];
        "a.jpg"u8.CopyTo(header);
        header.AsSpan(124, 12).Fill(0xFF);                   // its length, in binary, more than a number holds; then the sum over all
        header[124] = 0x80;
        header.AsSpan(148, 8).Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(value => value), toBase: 8).PadLeft(6, '0') + "\0").CopyTo(header, 148);
        await File.WriteAllBytesAsync(_folder.File("hostile.tar"), header);
        await using var producer = await StartAsync(rate: 20, $"hostile={_folder.File("hostile.tar")}", "after=cifar10");

        await Polling.UntilAsync(
            async () => (await producer.Http.GetStringAsync("/health"))
                .Contains("hostile: reading it failed: OverflowException", StringComparison.Ordinal), Limit, () => producer.Transcript);

        await SentAsync(producer, "after", 5);
    }

    [Fact]
    public async Task What_ffmpeg_reads_is_shown_as_JPEGs_and_a_video_begins_again()
    {
        var ffmpeg = Installed.Program("ffmpeg", "apt-get install ffmpeg");
        var video = _folder.File("test.mp4");
        (await ClientProgram.RunAsync(ffmpeg, ["-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=10:duration=1", video]))
            .Succeeded();

        await RunAsync(images: 15, rate: 0, $"video={video}");

        var images = await ImagesAsync("video");
        Assert.All(images, image => Assert.Equal((PictureFormat.Jpeg, 320, 240), (image.Picture.Format, image.Picture.Width, image.Picture.Height)));
        Assert.Equal(10, images.Select(image => Convert.ToHexString(image.Picture.Data.Span)).Distinct().Count());
    }

    [Fact]
    public async Task What_ffmpeg_says_of_a_source_that_it_cannot_read_is_told()
    {
        Installed.Program("ffmpeg", "apt-get install ffmpeg");
        await using var producer = await StartAsync(rate: 0, "film=ffmpeg:rtsp://me:secret@127.0.0.1:1/film");

        await Polling.UntilAsync(
            async () => (await producer.Http.GetStringAsync("/health")).Contains("film: ffmpeg says: ", StringComparison.Ordinal), Limit,
            () => producer.Transcript);

        Assert.DoesNotContain("secret", producer.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_ffmpeg_what_needs_it_says_so()
    {
        var settings = Settings(0, "film=/dev/video99");
        await using var producer = await ServiceProcess.StartAsync("Pipeline.Producer", [.. settings, ("PATH", _folder.Path)]);

        await Polling.UntilAsync(
            async () => (await producer.Http.GetStringAsync("/health")).Contains("film: it needs ffmpeg", StringComparison.Ordinal), Limit,
            () => producer.Transcript);
    }

    private void WriteAll(Dictionary<string, byte[]> files)
    {
        foreach (var (name, bytes) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllBytes(_folder.File(name), bytes);
        }
    }

    private static async Task PackAsync(string path, params (string Name, byte[] Bytes)[] files)
    {
        await using var file = File.Create(path);
        if (path.EndsWith(".zip", StringComparison.Ordinal))
        {
            await using var zip = new ZipArchive(file, ZipArchiveMode.Create);
            foreach (var (name, bytes) in files)
            {
                await using var entry = await zip.CreateEntry(name).OpenAsync();
                await entry.WriteAsync(bytes);
            }
            return;
        }

        await using var packed = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : (Stream)file;
        await using var tar = new TarWriter(packed);
        foreach (var (name, bytes) in files)
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
        }
    }

    private (string, string)[] Settings(double rate, params string[] sources) =>
    [
        ("ConnectionStrings__kafka", kafka.Address), ("Cameras__Rate", rate.ToString(CultureInfo.InvariantCulture)),
        .. sources.Select((source, index) => (string.Create(CultureInfo.InvariantCulture, $"Cameras__Source__{index}"), source)),
    ];

    private Task<ServiceProcess> StartAsync(double rate, params string[] sources) =>
        ServiceProcess.StartAsync("Pipeline.Producer", Settings(rate, sources));

    private async Task<ClientResult> RunAsync(int images, double rate, params string[] sources)
    {
        var ended = await ServiceProcess.RunAsync(
            "Pipeline.Producer", [], [.. Settings(rate, sources), ("Cameras__Images", images.ToString(CultureInfo.InvariantCulture))]);
        ended.Succeeded();
        return ended;
    }

    /// <summary>Waits until so many pictures of a camera are sent, while it goes on.</summary>
    private Task SentAsync(ServiceProcess producer, string camera, int count, Predicate<CapturedImage>? counts = null)
    {
        var sent = 0;
        return TopicReader.ReadUntilAsync(
            kafka.Address, Topics.ImageData,
            record => record.Message.Headers.Text(ImageHeaders.ProducerId) == camera && counts?.Invoke(Read(record.Message)) is not false
                && ++sent >= count,
            () => $"{sent} pictures of {camera}\n{producer.Transcript}");
    }

    /// <summary>Of a camera that has ended.</summary>
    private async Task<List<Message<byte[], byte[]>>> RecordsAsync(string camera) =>
        [.. (await TopicReader.ReadAllAsync(kafka.Address, Topics.ImageData))
            .Select(record => record.Message).Where(message => message.Headers.Text(ImageHeaders.ProducerId) == camera)];

    private async Task<List<CapturedImage>> ImagesAsync(string camera) => [.. (await RecordsAsync(camera)).Select(Read)];

    private static CapturedImage Read(Message<byte[], byte[]> record)
    {
        Assert.True(CapturedImage.Parse(record.Value, MessageEncoding.Protobuf, default).IsRead(out var image, out var problem), problem?.Text);
        return image;
    }
}
