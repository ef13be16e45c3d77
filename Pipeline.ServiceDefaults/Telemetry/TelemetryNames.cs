namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>Every source, meter, span attribute and metric that the services emit.</summary>
/// <remarks>OpenTelemetry semantic conventions 1.44 where they have a name; ours begin with <c>pipeline.</c></remarks>
public static class TelemetryNames
{
    public const string ServiceNamespace = "camera-pipeline";

    public const string ActivitySource = "Pipeline";

    public const string Meter = "Pipeline";

    public static readonly string[] PlatformMeters = ["System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    public static readonly string[] LibrarySources = ["MongoDB.Driver", "Microsoft.AspNetCore"];

    // Span and metric attributes.
    public const string MessagingSystem = "messaging.system";
    public const string Kafka = "kafka";
    public const string OperationName = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string DestinationName = "messaging.destination.name";
    public const string PartitionId = "messaging.destination.partition.id";
    public const string ConsumerGroup = "messaging.consumer.group.name";
    public const string BatchMessageCount = "messaging.batch.message_count";
    public const string MessageId = "messaging.message.id";
    public const string ErrorType = "error.type";
    public const string ProducerId = "pipeline.producer.id";
    public const string Outcome = "pipeline.outcome";

    // Metrics.
    public const string Images = "pipeline.images";
    public const string InferenceDuration = "pipeline.inference.duration";
    public const string InferenceBatchSize = "pipeline.inference.batch.size";

    // Values of pipeline.outcome.
    public const string Predicted = "predicted";
    public const string Stored = "stored";
    public const string Duplicate = "duplicate";
    public const string DeadLettered = "dead_lettered";
}
