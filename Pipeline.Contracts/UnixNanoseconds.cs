namespace Pipeline.Contracts;

/// <summary>Instants as they travel: nanoseconds since 1970, UTC. A .NET tick is 100 of them.</summary>
public static class UnixNanoseconds
{
    public static long From(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick;

    /// <summary>Any 64-bit value is an instant that .NET can hold (years 1677 to 2262).</summary>
    public static DateTimeOffset ToInstant(long nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
