using Embedded.Kafka;
using Embedded.Kafka.Wire;
using Embedded.Tests.Kafka.Wire;

namespace Embedded.Tests.Kafka.Apis;

/// <summary>CreateTopics and Metadata.</summary>
[Trait("Speed", "slow")]
public sealed class TopicApiTests : ABroker
{
    [Fact]
    public async Task A_topic_named_in_metadata_is_created_at_once_where_that_is_allowed()
    {
        var unknown = await TopicAsync(Requests.ToMetadata(create: false, "new"));
        var created = await TopicAsync(Requests.ToMetadata(create: true, "new"));
        var known = await TopicAsync(Requests.ToMetadata(create: false, "new"));

        Assert.Equal((long)ErrorCode.UnknownTopicOrPartition, unknown.Number("error_code"));
        Assert.Equal(0, created.Number("error_code"));
        Assert.Equal(3, created.Messages("partitions").Count());
        Assert.Equal(created["topic_id"], known["topic_id"]);
        Assert.NotEqual(Guid.Empty, known["topic_id"]);
    }

    [Theory]
    [InlineData("a/b", ErrorCode.InvalidTopic)]
    [InlineData("..", ErrorCode.InvalidTopic)]
    [InlineData("", ErrorCode.InvalidTopic)]
    [InlineData("__consumer_offsets", ErrorCode.UnknownTopicOrPartition)]
    public async Task Names_that_cannot_be_are_not_created(string name, ErrorCode expected) =>
        Assert.Equal((long)expected, (await TopicAsync(Requests.ToMetadata(create: true, name))).Number("error_code"));

    [Fact]
    public async Task All_topics_none_or_some()
    {
        var all = await Client.AskAsync(Requests.Metadata, 5, Requests.ToMetadata(create: true, topics: null));
        var none = await Client.AskAsync(Requests.Metadata, 5, Requests.ToMetadata(create: true, []));
        var allOfOld = await Client.AskAsync(Requests.Metadata, 0, Requests.ToMetadata(create: true, []));

        Assert.Equal([Topic], all.Messages("topics").Select(topic => (string)topic["name"]!));
        Assert.Empty(none.Messages("topics"));
        Assert.Single(allOfOld.Messages("topics"));
        Assert.Equal(
            ("127.0.0.1", (long)Running.Broker.Port), (all.Messages("brokers").Single()["host"], all.Messages("brokers").Single().Number("port")));
        Assert.Equal(22, ((string)all["cluster_id"]!).Length);
    }

    [Fact]
    public async Task Librdkafkas_four_byte_request_for_all_topics_is_understood()
    {
        // It asks for all topics with a plain zero count where a compact one is due; what is left over is ignored.
        await Client.SendFrameAsync([0, 3, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);

        Assert.NotNull(await Client.ReceiveFrameAsync());
    }

    [Theory]
    [InlineData(Topic, 1, 1, ErrorCode.TopicAlreadyExists)]
    [InlineData("a b", 1, 1, ErrorCode.InvalidTopic)]
    [InlineData("__transaction_state", 1, 1, ErrorCode.InvalidTopic)]
    [InlineData("new", 0, 1, ErrorCode.InvalidPartitions)]
    [InlineData("new", -2, 1, ErrorCode.InvalidPartitions)]
    [InlineData("new", 100_000, 1, ErrorCode.InvalidPartitions)]
    [InlineData("new", 1, 3, ErrorCode.InvalidReplicationFactor)]
    [InlineData("new", -1, -1, ErrorCode.None)]
    public async Task Creation_is_refused_by_the_reason(string name, long partitions, long replicas, ErrorCode expected)
    {
        var answer = await CreatedAsync(Requests.ToCreateTopic(name, partitions, replicas));

        Assert.Equal((long)expected, answer.Number("error_code"));
        Assert.Equal(expected == ErrorCode.None, answer["error_message"] is null);
        Assert.Equal(expected == ErrorCode.None || name == Topic, Running.Broker.Topics.Find(name) is not null);
    }

    [Theory]
    [InlineData("no.such.setting", "1")]
    [InlineData("retention.ms", "soon")]
    [InlineData("cleanup.policy", null)]
    [InlineData("max.message.bytes", "100000000")]
    public async Task A_setting_that_cannot_be_is_named(string name, string? value)
    {
        var answer = await CreatedAsync(Requests.ToCreateTopic("new", settings: (name, value)));

        Assert.Equal((long)ErrorCode.InvalidConfig, answer.Number("error_code"));
        Assert.Contains(name, (string)answer["error_message"]!);
    }

    [Fact]
    public async Task Validation_alone_creates_nothing_and_answers_with_every_setting()
    {
        var answer = await CreatedAsync(Requests.ToCreateTopic("new", 5, validateOnly: true, settings: ("retention.ms", "1000")));

        Assert.Equal((0L, 5L), (answer.Number("error_code"), answer.Number("num_partitions")));
        var retention = answer.Messages("configs").Single(setting => (string)setting["name"]! == "retention.ms");
        Assert.Equal(("1000", 1L), (retention["value"], retention.Number("config_source")));
        Assert.True(answer.Messages("configs").Count() > 20);
        Assert.Null(Running.Broker.Topics.Find("new"));
    }

    [Fact]
    public async Task A_topic_named_twice_is_created_neither_time()
    {
        var request = Requests.ToCreateTopic("twice");
        request.List("topics").Add(request.List("topics")[0]);

        var answer = await Client.AskAsync(Requests.CreateTopics, 7, request);

        Assert.Equal([42, 42], answer.Messages("topics").Select(topic => topic.Number("error_code")));
    }

    [Fact]
    public async Task A_deleted_and_recreated_topic_has_a_new_id_a_higher_epoch_and_no_old_producers()
    {
        await ProduceAsync(ABatch.Of("a").FromProducer(7).AtSequence(0).Bytes);
        var before = await TopicAsync(Requests.ToMetadata(create: false, Topic));
        Running.Broker.Topics.Delete(Topic);

        await CreateAsync(Topic);
        var after = await TopicAsync(Requests.ToMetadata(create: false, Topic));
        var produced = await ProduceAsync(ABatch.Of("a").FromProducer(7).AtSequence(0).Bytes);

        Assert.NotEqual(before["topic_id"], after["topic_id"]);
        Assert.True(after.Messages("partitions").First().Number("leader_epoch") > before.Messages("partitions").First().Number("leader_epoch"));
        Assert.Equal(0, produced.Number("base_offset"));
        Assert.Single((await FetchAsync(Requests.ToFetch(Topic, 0, 0))).Values.OfType<byte[]>(), records => records.Length > 0);
    }

    [Fact]
    public async Task Producer_ids_are_never_given_out_twice_not_even_after_a_restart()
    {
        var ids = new List<long>();
        for (var run = 0; run < 3; run++)
        {
            for (var i = 0; i < 3; i++)
            {
                ids.Add((await Client.AskAsync(Requests.InitProducerId, 4, Requests.ToInitProducerId())).Number("producer_id"));
            }

            await Running.Broker.DisposeAsync();
            await Running.StartAgainAsync();
            await ReconnectAsync();
        }

        Assert.Equal(9, ids.Distinct().Count());
    }

    internal override BrokerOptions Configure(BrokerOptions options) => options with { DefaultPartitions = 3 };

    private async Task<Message> TopicAsync(Message request) => (await Client.AskAsync(Requests.Metadata, 11, request)).Messages("topics").Single();

    private async Task<Message> CreatedAsync(Message request) =>
        (await Client.AskAsync(Requests.CreateTopics, 7, request)).Messages("topics").Single();
}
