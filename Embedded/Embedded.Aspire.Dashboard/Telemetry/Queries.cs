namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>Some of the items that a query found, and how many it found in all.</summary>
public sealed record QueryPage<T>(IReadOnlyList<T> Items, int TotalCount);

/// <summary>Which traces to show; everything is shown where nothing is said.</summary>
public sealed record TraceQuery
{
    /// <summary>Traces with a span of it.</summary>
    public TelemetryResource? Resource { get; init; }

    /// <summary>See <see cref="Trace.Matches"/>.</summary>
    public string? Text { get; init; }

    public bool ErrorsOnly { get; init; }

    /// <summary>Traces with a span of one of these types.</summary>
    public SpanTypes Types { get; init; }

    public TimeSpan MinDuration { get; init; }

    /// <summary>All must hold.</summary>
    public IReadOnlyList<Func<Trace, bool>> Filters { get; init; } = [];

    public int Skip { get; init; }
    public int Take { get; init; } = 100;

    internal bool Matches(Trace trace) =>
        (!ErrorsOnly || trace.HasErrors)
        && (Types == SpanTypes.None || (trace.Types & Types) != 0)
        && trace.Duration >= MinDuration
        && (Resource is null || trace.Has(Resource))
        && Filters.All(filter => filter(trace))
        && (string.IsNullOrEmpty(Text) || trace.Matches(Text));
}

/// <summary>Which log records to show; everything is shown where nothing is said.</summary>
public sealed record LogQuery
{
    public TelemetryResource? Resource { get; init; }
    public int MinSeverityNumber { get; init; }
    public TraceId TraceId { get; init; }
    public SpanId SpanId { get; init; }

    /// <summary>The message holds it; the case does not matter.</summary>
    public string? Text { get; init; }

    /// <summary>All must hold.</summary>
    public IReadOnlyList<Func<LogRecord, bool>> Filters { get; init; } = [];

    /// <summary>Only records with this id or a greater one: what is new since the last query.</summary>
    public long FromId { get; init; }

    /// <summary>The newest records first, or the oldest.</summary>
    public bool NewestFirst { get; init; } = true;

    public int Skip { get; init; }
    public int Take { get; init; } = 100;

    internal bool Matches(LogRecord record) =>
        record.SeverityNumber >= MinSeverityNumber
        && (TraceId.IsEmpty || record.TraceId == TraceId)
        && (SpanId.IsEmpty || record.SpanId == SpanId)
        && (Resource is null || record.Resource.Equals(Resource))
        && Filters.All(filter => filter(record))
        && (string.IsNullOrEmpty(Text) || record.Message.Contains(Text, StringComparison.OrdinalIgnoreCase));
}
