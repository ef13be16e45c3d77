namespace Embedded.Aspire.Dashboard.Telemetry;

public enum Signal { Traces, Metrics, Logs }

/// <summary>What became of spans, points or log records since the start.</summary>
/// <param name="Received">All that came in; the sum of kept (now or earlier), rejected, duplicates and ignored.</param>
/// <param name="Kept">Still in the store.</param>
/// <param name="Evicted">Were in the store, and had to go for newer ones or because a person cleared them.</param>
/// <param name="Rejected">Over a limit that keeps new ones out; the sender is told.</param>
/// <param name="Duplicates">Sent again.</param>
/// <param name="Ignored">Came in while the signal was paused.</param>
public readonly record struct SignalCounters(long Received, long Kept, long Evicted, long Rejected, long Duplicates, long Ignored);

/// <summary>What became of the items of one request.</summary>
public readonly record struct AddResult(int Rejected, string? Problem)
{
    public static readonly AddResult AllKept;
}
