using System.Globalization;
using System.Text;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Inference;

/// <summary>What was classified before is classified again, by another model.</summary>
[Trait("Speed", "slow")]
public sealed class ReplayTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_replay_classifies_what_the_topic_holds_once_more_and_ends()
    {
        var longAgo = DateTimeOffset.UtcNow.AddDays(-2);
        CapturedImage[] old = [.. Enumerable.Range(0, 20).Select(_ => AnImage())], young = [.. Enumerable.Range(0, 20).Select(_ => AnImage())];
        foreach (var (image, i) in old.Concat(young).Select((image, i) => (image, i)))
        {
            await kafka.SendAsync(Topics.ImageData, image.Write(), MessageEncoding.Protobuf, key: $"camera-{i % 5}",
                timestamp: (i < old.Length ? longAgo : DateTimeOffset.UtcNow).ToUnixTimeMilliseconds());
        }
        var bad = await kafka.SendAsync(Topics.ImageData, Encoding.UTF8.GetBytes("no image"));
        var settings = new[] { ("ConnectionStrings__kafka", kafka.Address), ("Model__Name", new AModel().Write(_folder.Path)) };
        await using (var live = await ServiceProcess.StartAsync("Pipeline.Inference", settings))
        {
            await Polling.UntilAsync(async () => (await ResultsAsync()).Count == 40, Limit, () => live.Transcript);
            await kafka.DeadLetterOfAsync(bad);
        }

        new AModel().Write(_folder.Path, """{"labels": ["red 2", "green 2", "blue 2", "bright 2", "dark 2"]}""");
        var part = await ServiceProcess.RunAsync(
            "Pipeline.Inference", ["--Replay:From", longAgo.AddDays(1).ToString("O", CultureInfo.InvariantCulture)], settings);
        Assert.True(part.ExitCode == 0, part.Output + part.Errors);
        Assert.Equal(young.Select(image => image.Id).Order(),
            (await ResultsAsync()).Where(result => result.InferredValue == "blue 2").Select(result => result.ImageId).Order());

        var traced = new[] { ("Telemetry__Folder", _folder.File("traces")), ("Telemetry__Sampling", "1") };
        var all = await ServiceProcess.RunAsync("Pipeline.Inference", ["--Replay:From", "beginning"], [.. settings, .. traced]);
        Assert.True(all.ExitCode == 0, all.Output + all.Errors);
        Assert.Equal(100, (await ResultsAsync()).Count);
        Assert.Single(await kafka.DeadLettersAsync(Topics.ImageData));       // it has one already
        var handled = SpanFiles.Read(_folder.File("traces")).Where(span => span.Name == "process image_data");
        Assert.Equal(["\"inference-replay\""], handled.Select(span => span.Attributes["messaging.consumer.group.name"]).Distinct());
    }

    [Fact]
    public async Task A_beginning_that_is_none_is_refused_in_one_line()
    {
        var ended = await ServiceProcess.RunAsync("Pipeline.Inference", ["--Replay:From", "yesterday"], ("ConnectionStrings__kafka", kafka.Address));

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("Replay__From is 'yesterday'; it must be beginning, or a time",
            Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static CapturedImage AnImage() => CapturedImage.Of(
        Guid.CreateVersion7().ToString(), "camera-1", "blue", DateTimeOffset.UtcNow, APicture.Plain(64, 48, new(50, 60, 210)));

    private async Task<List<InferenceResult>> ResultsAsync() => [.. (await TopicReader.ReadAllAsync(kafka.Address, Topics.InferenceResults))
        .Select(record =>
    {
        Assert.True(
            InferenceResult.Parse(record.Message.Value, record.ContentType(), default).IsRead(out var result, out var problem), problem?.Text);
        return result;
    })];

    public void Dispose() => _folder.Dispose();
}
