using System.Diagnostics.Metrics;
using Pipeline.Contracts.Stored;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.DbConsumer;

/// <summary>How long writes take, what became of the images, and the last stages of their way.</summary>
internal sealed class StoreMetrics(PipelineMetrics pipeline)
{
    private static readonly KeyValuePair<string, object?>[] WriteAttributes =
    [
        new(TelemetryNames.DbSystem, TelemetryNames.MongoDB),
        new(TelemetryNames.DbOperation, TelemetryNames.BulkWrite),
        new(TelemetryNames.DbCollection, StoredImage.Collection),
    ];

    private readonly Histogram<double> _writeDuration =
        pipeline.Meter.CreateDurationHistogram(TelemetryNames.DbOperationDuration, "One bulk write, which counts as one operation");

    /// <summary>So many more records, or fewer, are being written.</summary>
    public void MoveStoring(int records) => pipeline.Move(Stage.Store, records);

    /// <summary>Records the bulk that a batch became.</summary>
    public void RecordWrite(DateTimeOffset issuedAt, DateTimeOffset writtenAt) => _writeDuration.Record((writtenAt - issuedAt).TotalSeconds, WriteAttributes);

    /// <summary>Records the stages from a prediction's sending to its writing, and the whole way.</summary>
    public void RecordStages(Received result, DateTimeOffset issuedAt, DateTimeOffset writtenAt)
    {
        var headers = result.Record.Message.Headers;
        if (headers.Instant(ImageHeaders.SentAt) is { } sentAt)
        {
            pipeline.Record(Stage.BrokerPredictions, sentAt, result.At);
        }

        pipeline.Record(Stage.StoreWait, result.At, issuedAt);
        pipeline.Record(Stage.Store, issuedAt, writtenAt);
        if (headers.Instant(ImageHeaders.ScheduledAt) is { } scheduledAt)
        {
            pipeline.RecordImage(TelemetryNames.Stored, scheduledAt, writtenAt);
        }
    }

    /// <param name="count">Images.</param>
    /// <param name="outcome">One of the values that <see cref="TelemetryNames"/> lists.</param>
    public void CountImages(long count, string outcome) => pipeline.CountImages(count, outcome);
}
