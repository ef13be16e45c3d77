using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Messaging;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Inference;

/// <summary>Turns probabilities into results and hands them to Kafka.</summary>
internal sealed class ResultPublisher(IProducer<byte[], byte[]> producer, ImageClassifier classifier, TimeProvider time)
{
    /// <summary>Publishes what the model saw in one image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="source">The record it came in; its trace goes on.</param>
    /// <param name="probabilities">Ten, in label order.</param>
    /// <param name="inferenceTime">The model run of its batch.</param>
    /// <param name="acknowledged">Called once, on the client's thread, when the broker has the result or will not have it.</param>
    public void Send(
        CapturedImage image, ConsumeResult<byte[], byte[]> source, ReadOnlySpan<float> probabilities, TimeSpan inferenceTime, Action<Error> acknowledged)
    {
        var best = IndexOfMax(probabilities);
        var result = new InferenceResult
        {
            ImageId = image.Id,
            ProducerId = image.ProducerId,
            GroundTruth = image.GroundTruth,
            InferredValue = Labels.All[best],
            Confidence = probabilities[best],
            Probabilities = probabilities.ToArray(),
            ModelName = classifier.ModelName,
            ModelVersion = classifier.ModelVersion,
            InferenceTime = inferenceTime,
            CapturedAt = image.CapturedAt,
            InferredAt = time.GetUtcNow(),
        };
        var headers = RecordHeaders.Protobuf();
        var span = StartSpan(image, source, headers);
        var message = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(image.Id), Value = result.Write(), Headers = headers };
        producer.Produce(Topics.InferenceResults, message, report =>
        {
            if (report.Error.IsError)
                span?.SetStatus(ActivityStatusCode.Error, report.Error.Reason).SetTag(TelemetryNames.ErrorType, report.Error.Code.ToString());
            span?.Dispose();
            acknowledged(report.Error);
        });
    }

    /// <summary>The image's trace goes on in its result, also where this process records none of it.</summary>
    private static Activity? StartSpan(CapturedImage image, ConsumeResult<byte[], byte[]> source, Headers headers)
    {
        var isTraced = TraceContext.TryExtract(source.Message.Headers, out var sender);
        var span = MessagingSpans.StartSend(Topics.InferenceResults, sender);
        span?.SetTag(TelemetryNames.MessageId, image.Id);
        if (span is not null)
            TraceContext.Inject(span, headers);
        else if (isTraced)
            TraceContext.Inject(sender, headers);
        return span;
    }

    internal static int IndexOfMax(ReadOnlySpan<float> probabilities)
    {
        var best = 0;
        for (var i = 1; i < probabilities.Length; i++)
        {
            if (probabilities[i] > probabilities[best])
                best = i;
        }
        return best;
    }
}
