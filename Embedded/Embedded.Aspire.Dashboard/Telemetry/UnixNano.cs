namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>OTLP's time: nanoseconds since 1970, UTC, in 64 bits without a sign. What no calendar holds becomes its nearest end.</summary>
public static class UnixNano
{
    private const ulong NanosecondsPerTick = 100;

    private static readonly ulong MaxTicks = (ulong)(DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks;

    public static DateTimeOffset ToTime(ulong unixNano) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)Math.Min(unixNano / NanosecondsPerTick, MaxTicks));

    public static ulong FromTime(DateTimeOffset time) =>
        (ulong)Math.Max(0, (time - DateTimeOffset.UnixEpoch).Ticks) * NanosecondsPerTick;

    /// <summary>Zero where the end is before the start.</summary>
    public static TimeSpan Between(ulong start, ulong end) => end <= start ? TimeSpan.Zero : TimeSpan.FromTicks((long)((end - start) / NanosecondsPerTick));
}
