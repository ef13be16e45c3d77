namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>Every source, meter, span, attribute and metric that the services emit.</summary>
/// <remarks>OpenTelemetry semantic conventions where they have a name; ours begin with <c>pipeline.</c></remarks>
public static class TelemetryNames
{
    /// <summary>The version of the semantic conventions whose names these are; messaging names may still change.</summary>
    public const string SemanticConventions = "1.44.0";

    public const string SchemaUrl = "https://opentelemetry.io/schemas/" + SemanticConventions;

    public const string ServiceNamespace = "camera-pipeline";

    public const string ActivitySource = "Pipeline";

    public const string Meter = "Pipeline";

    /// <summary>The SDK's own meter; it tells of spans that were dropped on their way to OTLP.</summary>
    public const string SdkMeter = "otel.sdk.experimental";

    /// <summary>
    /// Sources of libraries that bring no instrumentation package. Kafka's client has none here: see <see cref="Messaging.RecordSpans"/>.
    /// </summary>
    public static readonly string[] LibrarySources = ["MongoDB.Driver"];

    // Spans. Those of messaging are "operation topic", that of a model run "infer model".
    public const string CaptureImage = "capture image";
    public const string BatchWait = "batch wait";
    public const string Infer = "infer";
    public const string InferBatch = "infer batch";
    public const string StoreWait = "store wait";
    public const string StoreBatch = "store batch";

    // Values of messaging.operation.name, and the messaging.operation.type of each.
    public const string Send = "send";
    public const string Poll = "poll";
    public const string Receive = "receive";
    public const string Process = "process";
    public const string Commit = "commit";
    public const string Settle = "settle";

    // Span and metric attributes.
    public const string MessagingSystem = "messaging.system";
    public const string Kafka = "kafka";
    public const string OperationName = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string DestinationName = "messaging.destination.name";
    public const string PartitionId = "messaging.destination.partition.id";
    public const string ConsumerGroup = "messaging.consumer.group.name";
    public const string Offset = "messaging.kafka.offset";
    public const string MessageKey = "messaging.kafka.message.key";
    public const string BatchMessageCount = "messaging.batch.message_count";
    public const string MessageId = "messaging.message.id";
    public const string ErrorType = "error.type";
    public const string DbSystem = "db.system.name";
    public const string MongoDB = "mongodb";
    public const string DbCollection = "db.collection.name";
    public const string DbOperation = "db.operation.name";
    public const string BulkWrite = "bulkWrite";
    public const string ImageId = "pipeline.image.id";
    public const string ProducerId = "pipeline.producer.id";
    public const string ScheduleLag = "pipeline.schedule.lag";
    public const string BatchId = "pipeline.batch.id";
    public const string BatchSize = "pipeline.batch.size";
    public const string ModelName = "pipeline.model.name";
    public const string ModelVersion = "pipeline.model.version";
    public const string ModelPrecision = "pipeline.model.precision";
    public const string PredictedClass = "pipeline.predicted.class";
    public const string PredictedConfidence = "pipeline.predicted.confidence";
    public const string Stage = "pipeline.stage";
    public const string Endpoint = "pipeline.endpoint";
    public const string Outcome = "pipeline.outcome";
    public const string ComponentName = "otel.component.name";
    public const string SpanFile = "span_file";

    // Metrics.
    public const string OperationDuration = "messaging.client.operation.duration";
    public const string SentMessages = "messaging.client.sent.messages";
    public const string ConsumedMessages = "messaging.client.consumed.messages";
    public const string ProcessDuration = "messaging.process.duration";
    public const string DbOperationDuration = "db.client.operation.duration";
    public const string Images = "pipeline.images";
    public const string ImageDuration = "pipeline.image.duration";
    public const string StageDuration = "pipeline.stage.duration";
    public const string InferenceDuration = "pipeline.inference.duration";
    public const string InferenceBatchSize = "pipeline.inference.batch.size";
    public const string QueueDepth = "pipeline.queue.depth";
    public const string ConsumerLag = "pipeline.consumer.lag";
    public const string ProcessedSpans = "otel.sdk.processor.span.processed";

    // Values of pipeline.outcome and of pipeline.endpoint.
    public const string Predicted = "predicted";
    public const string Stored = "stored";
    public const string Duplicate = "duplicate";
    public const string IdReused = "id_reused";
    public const string DeadLettered = "dead_lettered";
}
