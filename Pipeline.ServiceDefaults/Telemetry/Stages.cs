namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>
/// The way of an image in stages, each beginning at the instant at which the one before it ended: together they are the
/// time from the scheduled shutter to the stored prediction. Recorded for every image, traced or not.
/// </summary>
public sealed class Stage
{
    /// <summary>From when an image was due until it was taken: how well the camera keeps its pace.</summary>
    public static readonly Stage ScheduleLag = new("schedule_lag");

    /// <summary>Until it is written and handed to Kafka's client.</summary>
    public static readonly Stage Prepare = new("prepare");

    /// <summary>Until inference has it.</summary>
    public static readonly Stage BrokerImages = new("broker_images");

    /// <summary>Until its batch goes into the model: queue, decoding, other images of the batch.</summary>
    public static readonly Stage BatchWait = new("batch_wait");

    /// <summary>The model's run of its batch.</summary>
    public static readonly Stage Inference = new("inference");

    /// <summary>Until its prediction is written and handed to Kafka's client.</summary>
    public static readonly Stage Publish = new("publish");

    /// <summary>Until db-consumer has the prediction.</summary>
    public static readonly Stage BrokerPredictions = new("broker_predictions");

    /// <summary>Until its bulk is handed to the store.</summary>
    public static readonly Stage StoreWait = new("store_wait");

    /// <summary>Until the store has acknowledged the bulk.</summary>
    public static readonly Stage Store = new("store");

    private Stage(string name) => Attribute = new(TelemetryNames.Stage, name);

    internal KeyValuePair<string, object?> Attribute { get; }
}
