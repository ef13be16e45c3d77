using System.Diagnostics;
using System.Diagnostics.Metrics;
using Embedded.Hosting;

namespace Embedded.Kafka;

/// <summary>
/// What the broker counts, under the names that OpenTelemetry's collector gives
/// to Kafka's own figures. Without a listener a call is a check of a flag.
/// </summary>
internal static class BrokerMetrics
{
    public const string MeterName = "Embedded.Kafka";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Histogram<double> RequestDuration = Meter.CreateDurationHistogram("kafka.request.duration",
        "From a request's arrival to its answer; a fetch that waits for records waits here too");
    private static readonly Counter<long> NetworkBytes = Meter.CreateCounter<long>("kafka.network.io", "By", "Bytes of requests and answers");
    private static readonly Counter<long> Messages = Meter.CreateCounter<long>("kafka.message.count", "{message}", "Records appended");
    private static readonly Counter<long> Rebalances = Meter.CreateCounter<long>("kafka.group.rebalance.count", "{rebalance}", "Rebalances begun");

    private static readonly KeyValuePair<string, object?> Incoming = new("direction", "in");
    private static readonly KeyValuePair<string, object?> Outgoing = new("direction", "out");

    /// <summary>When a request began; 0 when nobody asks.</summary>
    public static long Now() => RequestDuration.Enabled ? Stopwatch.GetTimestamp() : 0;

    public static void Answered(string api, long began, int bytesIn, int bytesOut)
    {
        if (began == 0)
        {
            return;
        }

        RequestDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("type", api));
        NetworkBytes.Add(bytesIn, Incoming);
        NetworkBytes.Add(bytesOut, Outgoing);
    }

    public static void Appended(int records) => Messages.Add(records);

    public static void RebalanceBegun() => Rebalances.Add(1);
}
