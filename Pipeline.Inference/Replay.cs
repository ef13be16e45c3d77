using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Inference;

/// <summary>
/// Classifies again what the topic holds, up to what it held at the start, and ends: in a consumer group of its own, beside the others. A later prediction
/// of an image takes the place of the first, so a better model can go over old images.
/// </summary>
/// <param name="offsets">Asks for the topic's offsets, and sets those of the group.</param>
internal sealed class Replay(
    IConsumer<byte[], Ignore> offsets, TopicOptions topics, GroupOptions groups, IOptions<ReplayOptions> options,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Replay> log)
    : BackgroundService, IStartupStep
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private Dictionary<TopicPartition, long> _ends = [];

    /// <summary>Sets the group to where it begins; nobody reads in it yet.</summary>
    /// <exception cref="StartupException">Kafka does not let it.</exception>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var ranges = offsets.RangesOf(offsets.Partitions(topics.Images));
            var starts = StartsOf(ranges);
            offsets.Commit(starts);
            _ends = ranges.ToDictionary(range => range.Key, range => range.Value.High.Value);
            var count = starts.Sum(start => _ends[start.TopicPartition] - start.Offset.Value);
            log.ReplayBegins(count, options.Value.From!);
            return Task.CompletedTask;
        }
        catch (KafkaException refused)
        {
            throw new StartupException($"The group {groups.Inference}{Topics.ReplaySuffix} cannot be set to where the replay begins ({refused.Error.Reason}).",
                "Another replay may be running: wait for its end, or stop it.", refused);
        }
    }

    /// <summary>Stops the service once all of it is published and committed.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            if (offsets.Committed(_ends.Keys, ImageOffsets.AnswerWithin).All(done => done.Offset.Value >= _ends[done.TopicPartition]))
            {
                log.ReplayEnds();
                lifetime.StopApplication();
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private List<TopicPartitionOffset> StartsOf(Dictionary<TopicPartition, WatermarkOffsets> ranges) => options.Value.FromTime is { } from
        ? offsets.StartsOf(ranges, from)
        : [.. ranges.Select(range => new TopicPartitionOffset(range.Key, range.Value.Low))];
}
