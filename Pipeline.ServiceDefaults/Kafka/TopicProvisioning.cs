using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Pipeline.Contracts.Options;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>Makes the pipeline's topics where they are missing, and tells of one that has too few partitions.</summary>
/// <param name="servers">The bootstrap servers; not asked before <see cref="EnsureAsync"/>.</param>
/// <param name="options">Which topics.</param>
/// <param name="log">Tells what was made.</param>
internal sealed class TopicProvisioning(string servers, TopicOptions options, ILogger<TopicProvisioning> log) : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> _told = [];
    private IAdminClient? _admin;

    public string Servers => servers;

    public IEnumerable<string> Names => options.All().Select(topic => topic.Name);

    /// <exception cref="KafkaException">The broker does not answer, or does not allow it.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var admin = _admin ??= new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers })
            .SetLogHandler((_, _) => { })                    // what it would say is said in one line
            .SetErrorHandler((_, _) => { })
            .Build();
        // The client's call blocks its thread until the broker answers.
        var metadata = await Task.Run(() => admin.GetMetadata(AnswerWithin), cancellationToken);
        var partitionCounts = metadata.Topics.Where(topic => !topic.Error.IsError)
            .ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count);
        var missing = options.All().Where(topic => !partitionCounts.ContainsKey(topic.Name)).ToArray();
        if (missing.Length > 0)
        {
            await CreateAsync(admin, missing);
        }

        foreach (var (name, wanted) in options.All())
        {
            if (partitionCounts.TryGetValue(name, out var count) && count < wanted && _told.Add(name))
            {
                log.TopicTooSmall(name, count, wanted);
            }
        }
    }

    public void Dispose() => _admin?.Dispose();

    private Dictionary<string, string> ConfigsOf(string topic) =>
        options.RetentionMs(topic) is { } milliseconds ? new() { ["retention.ms"] = milliseconds.ToString(CultureInfo.InvariantCulture) } : [];

    private async Task CreateAsync(IAdminClient admin, (string Name, int PartitionCount)[] topics)
    {
        var wanted = topics.Select(topic => new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = topic.PartitionCount,
            ReplicationFactor = -1,                          // the cluster's own default
            Configs = ConfigsOf(topic.Name),
        });
        try
        {
            await admin.CreateTopicsAsync(wanted);
            foreach (var (name, partitionCount) in topics)
            {
                log.TopicCreated(name, partitionCount);
            }
        }
        catch (CreateTopicsException partly) when (partly.Results.TrueForAll(r => !r.Error.IsError || r.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another service was quicker.
        }
    }
}
