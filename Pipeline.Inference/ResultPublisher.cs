using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Inference;

/// <summary>Turns probabilities into results and hands them to Kafka.</summary>
internal sealed class ResultPublisher(
    [FromKeyedServices("kafka")] IProducer<byte[], byte[]> producer, ImageSpans spans, InferenceMetrics metrics, TopicOptions topics, TimeProvider time)
{
    private IReadOnlyList<TopicPartition> _partitions = [];

    /// <summary>Asks where results can go, before the first one has to: a broker that hangs is waited for here, however long.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken) => _partitions = await producer.PartitionsAsync(topics.Results, cancellationToken);

    /// <summary>Publishes what the model saw in one image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="source">The record it came in; its trace goes on.</param>
    /// <param name="probabilities">One for each class, in label order.</param>
    /// <param name="run">The model run of its batch.</param>
    /// <param name="acknowledged">Called once, on the client's thread, when the broker has the result or will not have it.</param>
    public void Send(CapturedImage image, Received source, ReadOnlySpan<float> probabilities, ModelRun run, Action<Error> acknowledged)
    {
        var prediction = Prediction.Of(run.Model.Labels, probabilities);
        var result = new InferenceResult
        {
            ImageId = image.Id,
            ImageDigest = ImageDigest.Of(image),
            ProducerId = image.ProducerId,
            GroundTruth = image.GroundTruth,
            InferredValue = prediction.Label,
            Confidence = prediction.Confidence,
            Probabilities = prediction.Probabilities,
            ClassLabels = prediction.Labels,
            ModelName = run.Model.ModelName,
            ModelVersion = run.Model.ModelVersion,
            InferenceTime = run.Duration,
            CapturedAt = image.CapturedAt,
            InferredAt = run.EndedAt,
        };
        var key = Encoding.UTF8.GetBytes(image.Id);
        var value = result.Write();
        var sentAt = time.GetUtcNow();

        var (process, send) = spans.Start(source, run, result, sentAt);
        metrics.RecordStages(source, run, sentAt);
        Activity.Current = run.Span;                         // the image's spans go on without this thread
        var message = new Message<byte[], byte[]> { Key = key, Value = value, Headers = HeadersFor(source, sentAt, send) };
        producer.Produce(PartitionFor(source.Record.Partition), message, report =>
        {
            Acknowledge(report, source.At, sentAt, process, send);
            acknowledged(report.Error);
        });
    }

    /// <summary>
    /// An image's result goes to the partition with the image's number: one consumer of both topics has both, and the results
    /// of a batch, which is mostly of one camera, travel in one request where hashed keys would make it one each.
    /// </summary>
    private TopicPartition PartitionFor(Partition image) => _partitions is { Count: > 0 } known
        ? known[image.Value % known.Count]
        : new TopicPartition(topics.Results, Partition.Any);

    /// <summary>The image's trace goes on in its result, also where this process records none of it.</summary>
    private static Headers HeadersFor(Received source, DateTimeOffset sentAt, Activity? send)
    {
        var image = source.Record.Message.Headers;
        var headers = RecordHeaders.Protobuf();
        ImageHeaders.Forward(image, headers, sentAt);
        if (send is not null)
        {
            TraceContext.Inject(send, headers);
        }
        else
        {
            TraceContext.Forward(image, headers);
        }

        return headers;
    }

    private void Acknowledge(DeliveryReport<byte[], byte[]> report, DateTimeOffset receivedAt, DateTimeOffset sentAt, Activity? process, Activity? send)
    {
        var now = time.GetUtcNow();
        var errorType = report.Error.IsError ? report.Error.Code.ToString() : null;
        Activity.Current = send;
        spans.Sending.Record(sentAt, now, errorType: errorType);
        if (send is not null)
        {
            RecordSpans.Describe(send, Encoding.UTF8.GetString(report.Message.Key), report.Partition, report.Offset);
            End(send, now, report.Error);
        }
        Activity.Current = process;
        spans.Processing.Record(receivedAt, now, errorType: errorType);
        if (process is not null)
        {
            End(process, now, report.Error);
        }

        Activity.Current = null;
    }

    private static void End(Activity span, DateTimeOffset at, Error error)
    {
        if (error.IsError)
        {
            span.Fail(error.Code.ToString(), error.Reason);
        }

        span.End(at);
    }
}
