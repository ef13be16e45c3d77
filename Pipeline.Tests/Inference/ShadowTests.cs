using System.Net;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Inference;

/// <summary>The service in the shadow of another one like it.</summary>
[Trait("Speed", "slow")]
public sealed class ShadowTests : IAsyncLifetime
{
    private const string SecondCard = """{"labels": ["red 2", "green 2", "blue 2", "bright 2", "dark 2"]}""";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly KafkaFixture _kafka = new();
    private readonly TemporaryFolder _folder = new();

    public ValueTask InitializeAsync() => _kafka.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _kafka.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_takes_its_share_of_what_comes_in_a_group_and_to_a_topic_of_its_own_and_a_replay_takes_the_same()
    {
        var settings = Settings(share: "0.25");
        var old = await SendAsync(40);
        await using (var shadow = await ServiceProcess.StartAsync("Pipeline.Inference", settings))
        {
            var sent = await SendAsync(400);
            await _kafka.SendAsync(Topics.ImageData, Encoding.UTF8.GetBytes("no image"));
            await CommittedAsync("inference-shadow", 441, shadow);

            var taken = await IdsAsync();
            Assert.InRange(taken.Count, 60, 140);
            Assert.Equal(taken.Count, taken.Distinct().Count());
            Assert.Subset(sent.ToHashSet(), taken.ToHashSet());
            Assert.Empty(await TopicReader.ReadAllAsync(_kafka.Address, Topics.InferenceResults));
            Assert.Empty(await _kafka.DeadLettersAsync(Topics.ImageData));       // it has one, of who classifies for all to see
            Assert.Equal(0, await shadow.StopAsync());

            var replay = await ServiceProcess.RunAsync("Pipeline.Inference", ["--Replay:From", "beginning"], settings);
            Assert.True(replay.ExitCode == 0, replay.Output + replay.Errors);
            var again = (await IdsAsync()).GroupBy(id => id).ToDictionary(same => same.Key, same => same.Count());
            Assert.Equal(taken.Order(), again.Where(id => id.Value == 2).Select(id => id.Key).Order());
            Assert.Subset(old.Concat(taken).ToHashSet(), again.Keys.ToHashSet());
        }
    }

    [Fact]
    public async Task One_that_comes_back_goes_on_where_it_was()
    {
        await using (var shadow = await ServiceProcess.StartAsync("Pipeline.Inference", Settings(share: "1")))
        {
            await SendAsync(10);
            await CommittedAsync("inference-shadow", 10, shadow);
            await shadow.KillAsync();
        }

        await SendAsync(10);
        await using var again = await ServiceProcess.StartAsync("Pipeline.Inference", Settings(share: "1"));

        await CommittedAsync("inference-shadow", 20, again);
        Assert.Equal(20, (await IdsAsync()).Distinct().Count());
    }

    [Fact]
    public async Task Its_model_is_replaced_like_any_other()
    {
        await using var shadow = await ServiceProcess.StartAsync("Pipeline.Inference", Settings(share: "1"));
        await SendAsync(1);
        await Polling.UntilAsync(async () => (await ResultsAsync()).Any(result => result.InferredValue == "blue"), Limit, () => shadow.Transcript);

        new AModel().Write(_folder.Path, SecondCard);
        using var loaded = await shadow.Http.PostAsync("/v2/repository/models/colours/load", null);
        await SendAsync(1);

        Assert.Equal(HttpStatusCode.OK, loaded.StatusCode);
        await Polling.UntilAsync(async () => (await ResultsAsync()).Any(result => result.InferredValue == "blue 2"), Limit, () => shadow.Transcript);
        Assert.Equal(2, (await ResultsAsync()).Select(result => result.ModelVersion).Distinct().Count());
    }

    [Theory]
    [InlineData("Shadow__Share", "1.5", "The field Share must be between 0 and 1")]
    [InlineData("Shadow__Share", "half", "Shadow:Share")]
    [InlineData("Topics__Shadow", "", "Shadow__Share makes this a shadow, and Topics__Shadow does not name the topic of its predictions")]
    [InlineData("Topics__Shadow", "image_data", "each topic needs a name of its own")]
    [InlineData("Groups__Shadow", "inference", "each group needs a name of its own")]
    public async Task What_makes_no_shadow_is_refused_in_one_line(string name, string value, string reason)
    {
        var ended = await ServiceProcess.RunAsync("Pipeline.Inference", [], [.. Settings("1").Where(setting => setting.Name != name), (name, value)]);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(reason, Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private (string Name, string Value)[] Settings(string share)
    {
        new AModel().Write(_folder.Path);
        return
        [
            ("ConnectionStrings__kafka", _kafka.Address), ("Model__Name", _folder.Path), ("Shadow__Share", share), ("Topics__Shadow", Topics.ShadowResults),
        ];
    }

    private async Task<IReadOnlyList<string>> SendAsync(int count)
    {
        CapturedImage[] images = [.. Enumerable.Range(0, count).Select(_ => CapturedImage.Of(
            Guid.CreateVersion7().ToString(), "camera-1", "blue", DateTimeOffset.UtcNow, APicture.Plain(64, 48, new(50, 60, 210))))];
        await Task.WhenAll(images.Select((image, i) => _kafka.SendAsync(Topics.ImageData, image.Write(), MessageEncoding.Protobuf, key: $"camera-{i % 5}")));
        return [.. images.Select(image => image.Id)];
    }

    private async Task CommittedAsync(string group, long records, ServiceProcess shadow)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _kafka.Address }).Build();
        var partitions = Enumerable.Range(0, Topics.DefaultPartitionCount).Select(partition => new TopicPartition(Topics.ImageData, partition));
        await Polling.UntilAsync(
            async () =>
            {
                var offsets = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, [.. partitions])]);
                return offsets[0].Partitions.Sum(partition => Math.Max(0, partition.Offset.Value)) == records;
            },
            Limit, () => shadow.Transcript);
    }

    private async Task<List<string>> IdsAsync() => [.. (await ResultsAsync()).Select(result => result.ImageId)];

    private async Task<List<InferenceResult>> ResultsAsync()
    {
        var records = await TopicReader.ReadAllAsync(_kafka.Address, Topics.ShadowResults);
        return records.ConvertAll(record =>
        {
            var read = InferenceResult.Parse(record.Message.Value, record.ContentType(), default);
            Assert.True(read.IsRead(out var result, out var problem), problem?.Text);
            return result;
        });
    }
}
