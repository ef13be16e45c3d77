using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>The span of handling one record: the child of the span that sent it, since each image has one trace.</summary>
public sealed class RecordSpans(TraceSampling sampling)
{
    /// <summary>Most links of a span; the exporter keeps no more.</summary>
    public const int MaxLinks = 128;

    private static readonly string[] PartitionIds =
        [.. Enumerable.Range(0, 64).Select(partition => partition.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Starts it, at the instant at which the record was received, linked to the span that sent it and to its batch's.</summary>
    /// <param name="process">What is done with the record.</param>
    /// <param name="received">The record.</param>
    /// <param name="batch">The span of the batch, which is linked back; null when there is none.</param>
    /// <returns>Null when the image is not traced. A record without a trace, as older cameras send, begins one.</returns>
    public Activity? StartProcess(MessagingOperation process, Received received, Activity? batch)
    {
        var (record, at, _) = received;
        if (!PipelineTelemetry.Source.HasListeners() || TraceContext.IsNotRecorded(record.Message.Headers))
        {
            return null;
        }

        var isTraced = TraceContext.TryExtract(record.Message.Headers, out var sender);
        if (!isTraced && !sampling.Next())
        {
            return null;
        }

        var span = process.Start(sender, at, LinksTo(sender, batch));
        if (span is null)
        {
            return null;
        }

        Describe(span, record);
        if (batch is { Recorded: true } && Count(batch) < MaxLinks)
        {
            batch.AddLink(new ActivityLink(span.Context));
        }

        return span;
    }

    /// <summary>The attributes of a single record.</summary>
    public static void Describe(Activity span, string? imageId, Partition partition, Offset offset)
    {
        if (imageId is not null)
        {
            span.AddTag(TelemetryNames.MessageId, imageId);
        }

        span.AddTag(TelemetryNames.PartitionId, PartitionId(partition.Value));
        span.AddTag(TelemetryNames.Offset, (object)offset.Value);
    }

    private static void Describe(Activity span, ConsumeResult<byte[], byte[]> record) =>
        Describe(span, record.Message.Headers.Text(ImageHeaders.ImageId), record.Partition, record.Offset);

    private static List<ActivityLink> LinksTo(ActivityContext sender, Activity? batch)
    {
        List<ActivityLink> links = new(2);
        if (sender != default)
        {
            links.Add(new ActivityLink(sender));
        }

        if (batch is { Recorded: true })
        {
            links.Add(new ActivityLink(batch.Context));
        }

        return links;
    }

    private static int Count(Activity batch)
    {
        var count = 0;
        foreach (ref readonly var _ in batch.EnumerateLinks())
        {
            count++;
        }

        return count;
    }

    internal static string PartitionId(int partition) =>
        (uint)partition < (uint)PartitionIds.Length ? PartitionIds[partition] : partition.ToString(CultureInfo.InvariantCulture);
}
