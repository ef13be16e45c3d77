namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>The numbers are those of OTLP's Metric fields.</summary>
public enum InstrumentKind { Unknown = 0, Gauge = 5, Sum = 7, Histogram = 9, ExponentialHistogram = 10, Summary = 11 }

/// <summary>Whether each point counts from the one before (delta) or from the start (cumulative). The numbers are OTLP's.</summary>
public enum Temporality { Unspecified = 0, Delta = 1, Cumulative = 2 }

/// <summary>What is measured: one instrument of one meter of one resource.</summary>
/// <param name="Scope">The meter.</param>
/// <param name="Unit">In UCUM: <c>s</c>, <c>By</c>, <c>{image}</c>; may be empty.</param>
public sealed record Instrument(
    TelemetryResource Resource, InstrumentationScope Scope, string Name, string Unit, string Description,
    InstrumentKind Kind, Temporality Temporality = Temporality.Unspecified, bool IsMonotonic = false);

/// <summary>A point that came in, and the attributes it belongs to.</summary>
public readonly record struct ReceivedPoint(Attributes Attributes, MetricPoint Point);

/// <summary>The points of an instrument that came in with one request.</summary>
public sealed record ReceivedMetric(Instrument Instrument, IReadOnlyList<ReceivedPoint> Points);

/// <summary>The points of one set of attributes, oldest first.</summary>
public sealed record MetricDimension(Attributes Attributes, IReadOnlyList<MetricPoint> Points);

/// <summary>An instrument with the points of a window of time.</summary>
/// <param name="DroppedDimensionCount">Points whose attributes the limit on dimensions kept out.</param>
public sealed record MetricSeries(Instrument Instrument, IReadOnlyList<MetricDimension> Dimensions, long DroppedDimensionCount);
