using System.Diagnostics;
using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>A producer that tells of what it sends; everything else is the client's own.</summary>
internal sealed class InstrumentedProducer<TKey, TValue>(IProducer<TKey, TValue> inner) : IProducer<TKey, TValue>
{
    public Handle Handle => inner.Handle;

    public string Name => inner.Name;

    public Task<DeliveryResult<TKey, TValue>> ProduceAsync(
        string topic, Message<TKey, TValue> message, CancellationToken cancellationToken = default) =>
        TellAsync(topic, null, message, () => inner.ProduceAsync(topic, message, cancellationToken));

    public Task<DeliveryResult<TKey, TValue>> ProduceAsync(
        TopicPartition topicPartition, Message<TKey, TValue> message, CancellationToken cancellationToken = default) =>
        TellAsync(topicPartition.Topic, topicPartition.Partition, message, () => inner.ProduceAsync(topicPartition, message, cancellationToken));

    public void Produce(string topic, Message<TKey, TValue> message, Action<DeliveryReport<TKey, TValue>>? deliveryHandler = null) =>
        Tell(topic, null, message, () => inner.Produce(topic, message, deliveryHandler));

    public void Produce(TopicPartition topicPartition, Message<TKey, TValue> message, Action<DeliveryReport<TKey, TValue>>? deliveryHandler = null) =>
        Tell(topicPartition.Topic, topicPartition.Partition, message, () => inner.Produce(topicPartition, message, deliveryHandler));

    public int AddBrokers(string brokers) => inner.AddBrokers(brokers);

    public void SetSaslCredentials(string username, string password) => inner.SetSaslCredentials(username, password);

    public int Poll(TimeSpan timeout) => inner.Poll(timeout);

    public int Flush(TimeSpan timeout) => inner.Flush(timeout);

    public void Flush(CancellationToken cancellationToken = default) => inner.Flush(cancellationToken);

    public void InitTransactions(TimeSpan timeout) => inner.InitTransactions(timeout);

    public void BeginTransaction() => inner.BeginTransaction();

    public void CommitTransaction(TimeSpan timeout) => inner.CommitTransaction(timeout);

    public void CommitTransaction() => inner.CommitTransaction();

    public void AbortTransaction(TimeSpan timeout) => inner.AbortTransaction(timeout);

    public void AbortTransaction() => inner.AbortTransaction();

    public void SendOffsetsToTransaction(IEnumerable<TopicPartitionOffset> offsets, IConsumerGroupMetadata groupMetadata, TimeSpan timeout) =>
        inner.SendOffsetsToTransaction(offsets, groupMetadata, timeout);

    public void Dispose() => inner.Dispose();

    private async Task<DeliveryResult<TKey, TValue>> TellAsync(
        string topic, Partition? partition, Message<TKey, TValue> message, Func<Task<DeliveryResult<TKey, TValue>>> send)
    {
        var began = Stopwatch.GetTimestamp();
        var span = KafkaTelemetry.StartPublish(topic, partition, message, Name);
        Error? error = null;
        try
        {
            return await send();
        }
        catch (KafkaException refused)
        {
            error = refused.Error;
            throw;
        }
        finally
        {
            KafkaTelemetry.EndPublish(span, topic, began, error);
        }
    }

    /// <summary>The span of a send that nobody awaits ends when the record is queued.</summary>
    private void Tell(string topic, Partition? partition, Message<TKey, TValue> message, Action send)
    {
        var began = Stopwatch.GetTimestamp();
        var span = KafkaTelemetry.StartPublish(topic, partition, message, Name);
        Error? error = null;
        try
        {
            send();
        }
        catch (KafkaException refused)
        {
            error = refused.Error;
            throw;
        }
        finally
        {
            KafkaTelemetry.EndPublish(span, topic, began, error);
        }
    }
}
