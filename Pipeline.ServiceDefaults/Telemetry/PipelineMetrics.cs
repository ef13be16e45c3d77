using System.Diagnostics.Metrics;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>
/// What more than one service measures, on a meter of its host: two hosts in
/// a process count apart. Without a listener each call is a check of a flag.
/// </summary>
public sealed class PipelineMetrics
{
    private readonly Counter<long> _images;
    private readonly Histogram<double> _imageDuration;
    private readonly Histogram<double> _stageDuration;
    private readonly UpDownCounter<long> _queueDepth;

    public PipelineMetrics(IMeterFactory meters)
    {
        Meter = meters.Create(new MeterOptions(TelemetryNames.Meter) { TelemetrySchemaUrl = TelemetryNames.SchemaUrl });
        _images = Meter.CreateCounter<long>(TelemetryNames.Images, "{image}", "Images by what became of them");
        _imageDuration = Meter.CreateDurationHistogram(TelemetryNames.ImageDuration, "From the scheduled shutter to an end point");
        _stageDuration = Meter.CreateDurationHistogram(TelemetryNames.StageDuration, "One stage of one image's way");
        _queueDepth = Meter.CreateUpDownCounter<long>(TelemetryNames.QueueDepth, "{image}", "Images that are in a stage now");
        OperationDuration = Meter.CreateDurationHistogram(TelemetryNames.OperationDuration, "One operation of the Kafka client");
        ProcessDuration = Meter.CreateDurationHistogram(TelemetryNames.ProcessDuration, "Handling of one record");
        SentMessages = Meter.CreateCounter<long>(TelemetryNames.SentMessages, "{message}", "Records handed to Kafka");
        ConsumedMessages = Meter.CreateCounter<long>(TelemetryNames.ConsumedMessages, "{message}", "Records taken from Kafka");
    }

    /// <summary>For what one service alone measures.</summary>
    public Meter Meter { get; }

    internal Histogram<double> OperationDuration { get; }

    internal Histogram<double> ProcessDuration { get; }

    internal Counter<long> SentMessages { get; }

    internal Counter<long> ConsumedMessages { get; }

    /// <param name="count">Images.</param>
    /// <param name="outcome">One of the values that <see cref="TelemetryNames"/> lists.</param>
    public void CountImages(long count, string outcome) => _images.Add(count, new KeyValuePair<string, object?>(TelemetryNames.Outcome, outcome));

    /// <summary>Records one image's way from the instant at which it was due to one of its two ends.</summary>
    /// <param name="endpoint"><see cref="TelemetryNames.Predicted"/>: the camera read
    /// its prediction; <see cref="TelemetryNames.Stored"/>: the store has it.</param>
    /// <param name="scheduledAt">When it was due.</param>
    /// <param name="endedAt">When it was there.</param>
    public void RecordImage(string endpoint, DateTimeOffset scheduledAt, DateTimeOffset endedAt) =>
        _imageDuration.Record((endedAt - scheduledAt).TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Endpoint, endpoint));

    /// <summary>Records what one image spent in a stage. Negative only where two machines' clocks disagree.</summary>
    public void Record(Stage stage, DateTimeOffset from, DateTimeOffset to) => _stageDuration.Record((to - from).TotalSeconds, stage.Attribute);

    /// <summary>So many more images, or fewer, are in a stage.</summary>
    public void Move(Stage stage, int images) => _queueDepth.Add(images, stage.Attribute);
}
