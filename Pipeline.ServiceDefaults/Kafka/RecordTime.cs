using Confluent.Kafka;
using Pipeline.Contracts;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>A record's timestamp. Its sender may have written any 64-bit number there, and .NET's instants end with the year 9999.</summary>
public static class RecordTime
{
    /// <summary>When the record says that it was made; where that is no plausible time, when it came.</summary>
    public static DateTimeOffset Time(this Received received) => received.Record.Message.Timestamp.At(received.At);

    /// <param name="otherwise">Where the timestamp is no plausible time.</param>
    public static DateTimeOffset At(this Timestamp timestamp, DateTimeOffset otherwise) =>
        UnixTime.TryRead(timestamp.UnixTimestampMs, out var instant) ? instant : otherwise;
}
