using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka.Clients;

/// <summary>Consumer groups of the client library that the services use, against the broker as a process.</summary>
[Trait("Speed", "slow")]
public sealed class ConfluentGroupTests : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private ServerProcess _broker = null!;

    public async ValueTask InitializeAsync() => _broker = await ServerProcess.StartKafkaAsync(_data.Path);

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Two_members_share_the_partitions_and_the_rest_goes_to_who_stays()
    {
        await CreateTopicAsync("shared", partitions: 4);
        await using var first = new GroupConsumer(_broker.Address, "g", "shared");
        await Eventually.TrueAsync(() => first.Assigned.Count == 4, state: () => $"{first}");

        var second = new GroupConsumer(_broker.Address, "g", "shared");
        await Eventually.TrueAsync(() => first.Assigned.Count == 2 && second.Assigned.Count == 2, state: () => $"{first} | {second}");
        Assert.Empty(first.Assigned.Intersect(second.Assigned));
        await second.DisposeAsync();

        await Eventually.TrueAsync(() => first.Assigned.Count == 4, TimeSpan.FromSeconds(5), () => $"{first}");
    }

    [Fact]
    public async Task A_static_member_that_restarts_causes_no_rebalance()
    {
        await CreateTopicAsync("static", partitions: 4);
        await using var stays = new GroupConsumer(_broker.Address, "g", "static", instanceId: "a");
        var leaves = new GroupConsumer(_broker.Address, "g", "static", instanceId: "b");
        await Eventually.TrueAsync(() => stays.Assigned.Count == 2 && leaves.Assigned.Count == 2, state: () => $"{stays} | {leaves}");
        var (before, events) = (leaves.Assigned, stays.Events);

        await leaves.DisposeAsync();
        await using var back = new GroupConsumer(_broker.Address, "g", "static", instanceId: "b");
        await Eventually.TrueAsync(() => back.Assigned.Count == 2, TimeSpan.FromSeconds(5), () => $"{back}");

        Assert.Equal(before.Order(), back.Assigned.Order());
        Assert.Equal(events, stays.Events);
    }

    [Fact]
    public async Task Cooperative_members_come_and_go_and_every_record_is_read_once()
    {
        await CreateTopicAsync("cooperative", partitions: 12);
        using var sending = new CancellationTokenSource();
        var sent = SendAsync("cooperative", sending.Token);
        var members = new List<GroupConsumer>();
        var gone = new List<GroupConsumer>();

        foreach (var count in new[] { 1, 2, 3, 2, 3, 1 })
        {
            while (members.Count < count)
            {
                members.Add(new GroupConsumer(_broker.Address, "g", "cooperative", strategy: PartitionAssignmentStrategy.CooperativeSticky));
            }

            while (members.Count > count)
            {
                await members[0].DisposeAsync();
                gone.Add(members[0]);
                members.RemoveAt(0);
            }
            await Eventually.TrueAsync(
                () => members.Sum(member => member.Assigned.Count) == 12 && members.TrueForAll(member => member.Assigned.Count == 12 / count),
                TimeSpan.FromSeconds(20), () => string.Join(" | ", members));
        }
        await sending.CancelAsync();
        var acknowledged = await sent;
        await Eventually.TrueAsync(() => Values(members.Concat(gone)).Distinct().Count() == acknowledged.Count, TimeSpan.FromSeconds(20),
            () => string.Join(" | ", members.Concat(gone)));

        Assert.Equal(acknowledged.Count, Values(members.Concat(gone)).Count());
        foreach (var member in members)
        {
            await member.DisposeAsync();
        }
    }

    [Fact]
    public async Task Commits_and_assignments_survive_kill_9_of_the_broker()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await CreateTopicAsync("killed", partitions: 4);
        using var sending = new CancellationTokenSource();
        var sent = SendAsync("killed", sending.Token);
        await using var first = new GroupConsumer(_broker.Address, "g", "killed");
        await using var second = new GroupConsumer(_broker.Address, "g", "killed");
        GroupConsumer[] members = [first, second];
        await Eventually.TrueAsync(() => members.All(member => member.Assigned.Count == 2), state: State);
        var events = members.Select(member => member.Events).ToArray();

        for (var kill = 0; kill < 6; kill++)
        {
            var read = Values(members).Count();
            await Task.Delay(random.Next(50, 1_000));
            await _broker.KillAsync();
            var committed = members.SelectMany(member => member.Committed).ToDictionary();
            await _broker.RestartAsync();
            foreach (var (partition, offset) in committed)
            {
                Assert.True(await CommittedAsync("killed", partition) >= offset, $"commit of {partition} went back, seed {seed}");
            }

            await Eventually.TrueAsync(() => Values(members).Count() > read + 50, TimeSpan.FromSeconds(20), State);
        }
        await sending.CancelAsync();
        var acknowledged = await sent;
        await Eventually.TrueAsync(() => acknowledged.IsSubsetOf(Values(members)), TimeSpan.FromSeconds(20), State);

        Assert.Equal(Values(members).Distinct().Count(), Values(members).Count());            // Nobody started over.
        Assert.Equal(events, members.Select(member => member.Events));                        // Nobody was rebalanced.

        string State() => $"seed {seed}: {string.Join(" | ", members.AsEnumerable())}\n{_broker.Transcript}";
    }

    private static IEnumerable<string> Values(IEnumerable<GroupConsumer> members) =>
        members.SelectMany(member => member.Read).Select(result => result.Message.Value);

    private async Task CreateTopicAsync(string topic, int partitions)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _broker.Address }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1 }]);
    }

    /// <summary>Sends numbered records, about a thousand a second, until told to stop. Returns those that were acknowledged.</summary>
    private async Task<HashSet<string>> SendAsync(string topic, CancellationToken stop)
    {
        var acknowledged = new HashSet<string>();
        var config = new ProducerConfig
        {
            BootstrapServers = _broker.Address,
            EnableIdempotence = true,
            LingerMs = 5,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 200,
        };
        using var producer = new ProducerBuilder<string, string>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var i = 0; !stop.IsCancellationRequested;)
        {
            for (var together = 0; together < 10; together++, i++)
            {
                producer.Produce(topic, new Message<string, string> { Key = $"{i}", Value = $"{i}" }, Delivered);
            }

            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
        producer.Flush(TimeSpan.FromSeconds(30));
        lock (acknowledged)
        {
            return [.. acknowledged];
        }

        void Delivered(DeliveryReport<string, string> report)
        {
            if (report.Status != PersistenceStatus.Persisted)
            {
                return;
            }

            lock (acknowledged)
            {
                acknowledged.Add(report.Value);
            }
        }
    }

    private async Task<long> CommittedAsync(string topic, int partition)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _broker.Address }).Build();
        var groups = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions("g", [new TopicPartition(topic, partition)])]);
        return groups[0].Partitions[0].Offset.Value;
    }
}
