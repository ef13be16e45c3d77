using System.Diagnostics;
using System.Diagnostics.Metrics;
using Embedded.Hosting;

namespace Embedded.MongoDB;

/// <summary>
/// What the server counts, under the names that OpenTelemetry's collector gives
/// to MongoDB's own figures. Without a listener a call is a check of a flag.
/// </summary>
internal static class ServerMetrics
{
    public const string MeterName = "Embedded.MongoDB";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Histogram<double> Duration = Meter.CreateDurationHistogram("mongodb.operation.duration", "One command");
    private static readonly Counter<long> Received = Meter.CreateCounter<long>("mongodb.network.io.receive", "By", "Bytes of requests");
    private static readonly Counter<long> Transmitted = Meter.CreateCounter<long>("mongodb.network.io.transmit", "By", "Bytes of replies");

    /// <summary>When a command began; 0 when nobody asks.</summary>
    public static long Now() => Duration.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <param name="command">Its name, which must be one of those that the server knows: it becomes an attribute.</param>
    /// <param name="began">From <see cref="Now"/>.</param>
    public static void Ran(string command, long began)
    {
        if (began != 0)
        {
            Duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("operation", command));
        }
    }

    public static void Exchanged(int bytesIn, int bytesOut)
    {
        Received.Add(bytesIn);
        Transmitted.Add(bytesOut);
    }
}
