using System.Globalization;
using System.Text;
using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Embedded.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.ServiceDefaults;

/// <summary>Each member is a service of its own as far as Kafka knows: its clients, its place in the group, its knowledge of letters.</summary>
public sealed class DeadLettersTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    private static readonly Problem Bad = new(ProblemKind.BrokenJson, "not for anybody to read");

    [Fact]
    public async Task A_successor_that_reads_bad_records_again_writes_no_letter_again()
    {
        var topic = await CreateTopicAsync();
        await using (var killed = new Member(kafka.Address, topic))
        {
            await SendAsync(topic, "bad", "bad and next to it");
            await killed.RejectAsync(2);
        }
        await SendAsync(topic, "bad and new");
        await using var successor = new Member(kafka.Address, topic);

        await successor.RejectAsync(3);

        Assert.Equal(["0", "1", "2"], await LettersAsync(topic));
    }

    [Fact]
    public async Task A_partition_that_moves_leaves_one_letter_whoever_writes_first()
    {
        var topic = await CreateTopicAsync();
        await SendAsync(topic, "bad", "bad too");
        await using var paused = new Member(kafka.Address, topic);
        var (first, second) = (paused.Take(), paused.Take());
        await paused.RejectAsync(first);
        paused.Leave();
        await using var successor = new Member(kafka.Address, topic);
        await successor.RejectAsync(2);

        await paused.RejectAsync(second);                    // it wakes up, and knows nothing of all this

        Assert.Equal(["0", "1"], await LettersAsync(topic));
    }

    [Fact]
    public async Task A_record_that_waits_twice_in_one_service_is_written_once()
    {
        var topic = await CreateTopicAsync();
        await SendAsync(topic, "bad");
        await using var member = new Member(kafka.Address, topic);
        var record = member.Take();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => member.RejectAsync(record)));

        Assert.Equal(["0"], await LettersAsync(topic));
    }

    [Fact]
    public async Task Letters_of_other_records_and_what_is_no_letter_at_all_are_not_taken_for_it()
    {
        var topic = await CreateTopicAsync();
        var letters = topic + Topics.DeadLetterSuffix;
        await SendAsync(topic, "bad");
        await using var member = new Member(kafka.Address, topic);
        var record = member.Take();
        var own = DeadLetterOrigin.Of(record);
        DeadLetterOrigin[] others =
            [own with { Topic = "other" }, own with { Partition = 1 }, own with { Offset = 1 }, own with { Timestamp = own.Timestamp - 1 }];
        foreach (var other in others)
        {
            var headers = new Headers();
            other.Write(headers);
            await kafka.SendAsync(letters, [], others: [.. headers]);
        }
        await kafka.SendAsync(letters, [], others: new Header(DeadLetterOrigin.TopicHeader, Encoding.UTF8.GetBytes(topic)));
        await DamagedRecords.SendAsync(kafka.Address, new TopicPartition(letters, 0), recordCount: 3);

        await member.RejectAsync(record);

        var last = new TopicPartitionOffset(letters, 0, 8);
        Assert.Equal(own, DeadLetterOrigin.Read(Read(last).Message.Headers));
    }

    [Fact]
    public async Task A_broker_that_is_away_is_waited_for()
    {
        using var data = new TemporaryFolder();
        await using var broker = await ServerProcess.StartKafkaAsync(data.Path);
        var topic = await CreateTopicAsync(broker.Address);
        await using var member = new Member(broker.Address, topic);
        await member.SendAsync("bad");
        var record = member.Take();

        Signal.SendStop(broker.Id);
        var rejecting = member.RejectAsync(record);
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);      // longer than one question may take
        Assert.False(rejecting.IsCompleted);
        Signal.SendContinue(broker.Id);

        await rejecting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Single(await TopicReader.ReadAllAsync(broker.Address, topic + Topics.DeadLetterSuffix));
    }

    private async Task SendAsync(string topic, params string[] values)
    {
        foreach (var value in values)
        {
            await kafka.SendAsync(topic, Encoding.UTF8.GetBytes(value));
        }
    }

    /// <summary>The offsets that the letters name, in their order.</summary>
    private async Task<IEnumerable<string>> LettersAsync(string topic) =>
        (await TopicReader.ReadAllAsync(kafka.Address, topic + Topics.DeadLetterSuffix))
        .Select(letter => DeadLetterOrigin.Read(letter.Message.Headers)!.Value.Offset.ToString(CultureInfo.InvariantCulture));

    private ConsumeResult<byte[], byte[]> Read(TopicPartitionOffset place)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = kafka.Address, GroupId = "tests" }).Build();
        consumer.Assign(place);
        return consumer.Consume(TimeSpan.FromSeconds(30)) ?? throw new TimeoutException($"nothing at {place}");
    }

    private Task<string> CreateTopicAsync() => CreateTopicAsync(kafka.Address);

    private static async Task<string> CreateTopicAsync(string address)
    {
        var topic = $"rejected-{Guid.NewGuid():N}";
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address }).Build();
        await admin.CreateTopicsAsync(
        [
            new() { Name = topic, NumPartitions = 1, ReplicationFactor = 1 },
            new() { Name = topic + Topics.DeadLetterSuffix, NumPartitions = 1, ReplicationFactor = 1 },
        ]);
        return topic;
    }

    /// <summary>A member of the group that rejects whatever comes, and never gets to commit.</summary>
    private sealed class Member : IAsyncDisposable
    {
        private readonly string _topic;
        private readonly IProducer<byte[], byte[]> _producer;
        private readonly IConsumer<byte[], Ignore> _tails;
        private readonly BatchConsumer _records;
        private readonly DeadLetters _letters;

        public Member(string address, string topic)
        {
            _topic = topic;
            var (writing, reading, looking) = (new KafkaProducerSettings(), new KafkaConsumerSettings(), new KafkaConsumerSettings());
            writing.WriteReliably();
            reading.ReadAs(topic);
            looking.ReadTails(topic);
            writing.Config.BootstrapServers = reading.Config.BootstrapServers = looking.Config.BootstrapServers = address;
            _producer = new ProducerBuilder<byte[], byte[]>(writing.Config).Build();
            _tails = new ConsumerBuilder<byte[], Ignore>(looking.Config).Build();
            var records = new ConsumerBuilder<byte[], byte[]>(reading.Config).Build();
            _records = new BatchConsumer(records, topic, AHost.Metrics(), TimeProvider.System, NullLogger<BatchConsumer>.Instance);
            _records.Subscribe(topic);
            _letters = new DeadLetters(_producer, _tails, AHost.Metrics(), new(), TimeProvider.System, NullLogger<DeadLetters>.Instance);
        }

        public Task<DeliveryResult<byte[], byte[]>> SendAsync(string value) =>
            _producer.ProduceAsync(_topic, new() { Value = Encoding.UTF8.GetBytes(value) });

        public ConsumeResult<byte[], byte[]> Take()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            return _records.Take(1, limit.Token).Records[0].Record;
        }

        public Task RejectAsync(ConsumeResult<byte[], byte[]> record) =>
            _letters.SendAsync(record, Bad, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));

        public async Task RejectAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await RejectAsync(Take());
            }
        }

        public void Leave() => _records.Close();

        public async ValueTask DisposeAsync()
        {
            Leave();
            await _letters.DisposeAsync();
            _tails.Dispose();
            _producer.Dispose();
        }
    }
}
