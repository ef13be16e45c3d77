using System.Collections.Immutable;
using Confluent.Kafka;

namespace Embedded.Tests.Kafka.Clients;

/// <summary>A real group consumer on a thread of its own: polls, commits after every record, and remembers what happened to it.</summary>
internal sealed class GroupConsumer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IConsumer<Ignore, string> _consumer;
    private readonly Task _polling;
    private readonly bool _commits;
    private ImmutableList<ConsumeResult<Ignore, string>> _read = [];
    private ImmutableList<string> _events = [];
    private ImmutableHashSet<int> _assigned = [];
    private ImmutableDictionary<int, long> _committed = ImmutableDictionary<int, long>.Empty;

    public GroupConsumer(string bootstrap, string group, string topic, string? instanceId = null,
        PartitionAssignmentStrategy strategy = PartitionAssignmentStrategy.Range, bool commits = true)
    {
        _commits = commits;
        var config = new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = group,
            GroupInstanceId = instanceId,
            PartitionAssignmentStrategy = strategy,
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            SessionTimeoutMs = 6_000,
            HeartbeatIntervalMs = 300,
            TopicMetadataRefreshIntervalMs = 1_000,
            AllowAutoCreateTopics = true,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 200,
        };
        var incremental = strategy == PartitionAssignmentStrategy.CooperativeSticky;
        _consumer = new ConsumerBuilder<Ignore, string>(config)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .SetPartitionsAssignedHandler((_, given) => Note("assigned", given, incremental ? _assigned.Union(Ids(given)) : [.. Ids(given)]))
            .SetPartitionsRevokedHandler((_, taken) =>
            {
                CommitBefore(taken);
                Note("revoked", taken.Select(each => each.TopicPartition), _assigned.Except(Ids(taken.Select(each => each.TopicPartition))));
            })
            .SetPartitionsLostHandler((_, lost) => Note("lost", lost.Select(each => each.TopicPartition), []))
            .Build();
        _consumer.Subscribe(topic);
        _polling = Task.Factory.StartNew(Poll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public ImmutableHashSet<int> Assigned => Volatile.Read(ref _assigned);

    public ImmutableList<ConsumeResult<Ignore, string>> Read => Volatile.Read(ref _read);

    /// <summary>Offsets whose commit was acknowledged, by partition.</summary>
    public ImmutableDictionary<int, long> Committed => Volatile.Read(ref _committed);

    /// <summary>assigned, revoked and lost, with partitions.</summary>
    public ImmutableList<string> Events => Volatile.Read(ref _events);

    public override string ToString() => $"assigned [{string.Join(' ', Assigned.Order())}] after {string.Join(", ", Events)}; read {Read.Count}";

    /// <summary>Leaves the group (a static member does not) and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _polling;
        _consumer.Dispose();
        _stop.Dispose();
    }

    private void Poll()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (_consumer.Consume(TimeSpan.FromMilliseconds(100)) is not { } result)
                {
                    continue;
                }

                ImmutableInterlocked.Update(ref _read, (all, one) => all.Add(one), result);
                if (!_commits)
                {
                    continue;
                }

                _consumer.Commit(result);
                ImmutableInterlocked.AddOrUpdate(ref _committed, result.Partition.Value, result.Offset.Value + 1, (_, _) => result.Offset.Value + 1);
            }
            catch (KafkaException) { }                       // The broker is away; the client tries again by itself.
        }
        _consumer.Close();
    }

    /// <summary>The last commit may have met a rebalance and been refused: the next owner must not read again what was read here.</summary>
    private void CommitBefore(List<TopicPartitionOffset> taken)
    {
        var read = taken.Where(each => each.Offset.Value >= 0).ToArray();
        try
        {
            if (_commits && read.Length > 0)
            {
                _consumer.Commit(read);
            }
        }
        catch (KafkaException) { }
    }

    private void Note(string what, IEnumerable<TopicPartition> partitions, ImmutableHashSet<int> assigned)
    {
        // Who sees the assignment sees the event that brought it, too.
        ImmutableInterlocked.Update(ref _events, (all, one) => all.Add(one), $"{what} {string.Join(' ', Ids(partitions).Order())}");
        Volatile.Write(ref _assigned, assigned);
    }

    private static IEnumerable<int> Ids(IEnumerable<TopicPartition> partitions) => partitions.Select(partition => partition.Partition.Value);
}
