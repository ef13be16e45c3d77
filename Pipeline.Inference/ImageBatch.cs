using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Inference;

/// <summary>Records taken together, from the take until their last result or dead letter is acknowledged.</summary>
internal sealed class ImageBatch(ConsumedBatch taken)
{
    private int _open = taken.Records.Count;

    public ConsumedBatch Taken => taken;

    public bool IsDone => Volatile.Read(ref _open) == 0;

    /// <summary>One record less; true for the last.</summary>
    public bool Finish() => Interlocked.Decrement(ref _open) == 0;
}
