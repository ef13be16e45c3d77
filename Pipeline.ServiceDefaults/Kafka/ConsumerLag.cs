using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>Records between what a consumer was handed and the end of each of its partitions, as its client last heard of it.</summary>
internal sealed class ConsumerLag : IDisposable
{
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly string _groupId;
    private readonly Lock _lock = new();
    private bool _disposed;

    public ConsumerLag(IConsumer<byte[], byte[]> consumer, string groupId, PipelineMetrics metrics)
    {
        (_consumer, _groupId) = (consumer, groupId);
        metrics.Meter.CreateObservableGauge(TelemetryNames.ConsumerLag, Observe, "{message}", "Records not yet taken");
    }

    /// <summary>Over all partitions.</summary>
    public long Total => Observe().Sum(lag => lag.Value);

    /// <summary>From now on nothing is asked of the consumer, which is about to close.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }
    }

    private List<Measurement<long>> Observe()
    {
        List<Measurement<long>> lags = [];
        lock (_lock)
        {
            if (_disposed)
            {
                return lags;
            }

            foreach (var partition in _consumer.Assignment)
            {
                var (end, position) = (_consumer.GetWatermarkOffsets(partition).High, _consumer.Position(partition));
                if (end.IsSpecial || position.IsSpecial)
                {
                    continue;                                // nothing was taken from it yet
                }

                lags.Add(new(Math.Max(0, end.Value - position.Value),
                    new(TelemetryNames.DestinationName, partition.Topic),
                    new(TelemetryNames.PartitionId, RecordSpans.PartitionId(partition.Partition.Value)),
                    new(TelemetryNames.ConsumerGroup, _groupId)));
            }
        }
        return lags;
    }
}
