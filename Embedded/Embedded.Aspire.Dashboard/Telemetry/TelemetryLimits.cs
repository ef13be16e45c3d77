using System.ComponentModel.DataAnnotations;

namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>How much telemetry is kept; what is older goes, and is counted.</summary>
public sealed record TelemetryLimits
{
    public const string Section = "Dashboard:TelemetryLimits";

    [Range(1, 1_000_000)]
    public int MaxLogCount { get; init; } = 10_000;

    [Range(1, 1_000_000)]
    public int MaxTraceCount { get; init; } = 10_000;

    /// <summary>Spans that one trace may have; further ones are rejected.</summary>
    [Range(1, 100_000)]
    public int MaxSpansPerTrace { get; init; } = 10_000;

    /// <summary>Points of one set of attributes of one instrument.</summary>
    [Range(1, 1_000_000)]
    public int MaxMetricsCount { get; init; } = 50_000;

    /// <summary>Sets of attributes of one instrument; points with further ones are rejected.</summary>
    [Range(1, 1_000_000)]
    public int MaxDimensionsPerInstrument { get; init; } = 2_000;

    /// <summary>Instruments of one resource; points of further ones are rejected.</summary>
    [Range(1, 1_000_000)]
    public int MaxInstrumentsPerResource { get; init; } = 2_000;

    /// <summary>Resources in the list; the one not heard of for longest goes, and its metrics with it.</summary>
    [Range(1, 1_000_000)]
    public int MaxResourceCount { get; init; } = 1_000;

    /// <summary>Attributes of one span, log record, event, link, point or resource.</summary>
    [Range(1, int.MaxValue)]
    public int MaxAttributeCount { get; init; } = 128;

    /// <summary>Characters of a text attribute; the rest is cut off.</summary>
    [Range(1, int.MaxValue)]
    public int MaxAttributeLength { get; init; } = int.MaxValue;

    [Range(0, int.MaxValue)]
    public int MaxSpanEventCount { get; init; } = int.MaxValue;

    [Range(0, int.MaxValue)]
    public int MaxSpanLinkCount { get; init; } = 10_000;

    /// <summary>Memory for each of traces, logs and metrics, as estimated; in megabytes of 1,000,000 bytes.</summary>
    [Range(1, 1_000_000)]
    public int MaxMegabytesPerSignal { get; init; } = 256;

    internal long MaxBytesPerSignal => MaxMegabytesPerSignal * 1_000_000L;
}
