namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>Records taken together, from the take until the last of them is done with; then their offsets may be stored.</summary>
public sealed class OpenBatch(ConsumedBatch taken)
{
    private int _open = taken.Records.Count;

    public ConsumedBatch Taken => taken;

    public bool IsDone => Volatile.Read(ref _open) == 0;

    /// <summary>One record less; true for the last.</summary>
    public bool Finish() => Interlocked.Decrement(ref _open) == 0;
}
