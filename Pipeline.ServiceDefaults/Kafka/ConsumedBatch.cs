using System.Diagnostics;
using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>A record, and when the service had it.</summary>
/// <param name="Unreadable">Why the client could not read it; then the record is its place alone.</param>
public readonly record struct Received(ConsumeResult<byte[], byte[]> Record, DateTimeOffset At, Problem? Unreadable = null);

/// <summary>Records that were taken together.</summary>
/// <param name="records">At least one.</param>
/// <param name="trace">The span of taking them; default when none of them is traced.</param>
public sealed class ConsumedBatch(IReadOnlyList<Received> records, ActivityContext trace = default)
{
    public IReadOnlyList<Received> Records => records;

    /// <summary>The batch has a trace of its own, beside those of its images, when one of them is traced.</summary>
    public ActivityContext Trace => trace;

    /// <summary>
    /// Starts a span of the batch's own trace and makes it current. Where none of the images is traced, it is one that
    /// nobody records: what libraries do for the batch then leaves no spans either.
    /// </summary>
    /// <returns>Null when nobody listens.</returns>
    public Activity? Start(string name, DateTimeOffset at)
    {
        if (!PipelineTelemetry.Source.HasListeners())
        {
            return null;
        }

        return trace == default
            ? new Activity(name).SetIdFormat(ActivityIdFormat.W3C).Start()
            : PipelineTelemetry.Start(name, ActivityKind.Internal, trace, at);
    }
}
