using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Options;
using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Inference;

/// <summary>
/// A shadow that has not been there before begins with the images that come from its start on: what the topic held before is a replay's work, and
/// would take the cores from the live model. One that comes back goes on where it was.
/// </summary>
/// <param name="offsets">Asks for the topic's offsets, and sets those of the group.</param>
internal sealed class ShadowStart(
    IConsumer<byte[], Ignore> offsets, TopicOptions topics, IOptions<ShadowOptions> options, ILogger<ShadowStart> log) : IStartupStep
{
    public Task RunAsync(CancellationToken cancellationToken)
    {
        var committed = offsets.Committed(offsets.Partitions(topics.Images), ImageOffsets.AnswerWithin);
        var unread = committed.Where(partition => partition.Offset == Offset.Unset).Select(partition => partition.TopicPartition).ToList();
        if (unread.Count > 0)
        {
            using var self = Process.GetCurrentProcess();
            Begin(offsets.StartsOf(offsets.RangesOf(unread), self.StartTime.ToUniversalTime()));
        }

        log.InShadow(100 * options.Value.Share!.Value, topics.Results);
        return Task.CompletedTask;
    }

    private void Begin(IReadOnlyCollection<TopicPartitionOffset> starts)
    {
        try
        {
            offsets.Commit(starts);
        }
        catch (KafkaException refused)
        {
            log.BeginsEarlier(refused.Error.Reason);         // another replica reads already, and new partitions have come since
        }
    }
}
