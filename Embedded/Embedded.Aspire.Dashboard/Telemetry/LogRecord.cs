namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>One structured log line. It never changes.</summary>
public sealed class LogRecord
{
    /// <summary>From this severity number on a record is an error.</summary>
    public const int ErrorSeverity = 17;

    /// <summary>Given by the store, in the order of arrival, from 1.</summary>
    public long Id { get; internal set; }

    /// <summary>Nanoseconds since 1970, UTC; zero where the sender did not say.</summary>
    public ulong TimeUnixNano { get; init; }

    /// <summary>When it was seen by the sender's SDK; nanoseconds since 1970, UTC.</summary>
    public ulong ObservedTimeUnixNano { get; init; }

    /// <summary>1–4 trace, 5–8 debug, 9–12 information, 13–16 warning, 17–20 error, 21–24 fatal; 0 unknown.</summary>
    public int SeverityNumber { get; init; }

    public string SeverityText { get; init; } = "";
    public AttributeValue Body { get; init; }
    public Attributes Attributes { get; init; } = Attributes.None;
    public uint DroppedAttributesCount { get; init; }
    public uint Flags { get; init; }

    /// <summary>Empty where the record belongs to no trace.</summary>
    public TraceId TraceId { get; init; }

    public SpanId SpanId { get; init; }
    public string EventName { get; init; } = "";
    public required TelemetryResource Resource { get; init; }

    /// <summary>Its name is the logger's category.</summary>
    public required InstrumentationScope Scope { get; init; }

    public bool IsError => SeverityNumber >= ErrorSeverity;

    public DateTimeOffset Time => UnixNano.ToTime(TimeUnixNano != 0 ? TimeUnixNano : ObservedTimeUnixNano);

    /// <summary>The body as text.</summary>
    public string Message => Body.ToString();

    public int EstimatedBytes => 180 + Body.EstimatedBytes + Attributes.EstimatedBytes + (2 * EventName.Length);
}
