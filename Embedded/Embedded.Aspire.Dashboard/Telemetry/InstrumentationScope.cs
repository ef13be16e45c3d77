namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>The library or source that made a span, log record or metric: in .NET an ActivitySource, a category or a Meter.</summary>
public sealed record InstrumentationScope(string Name, string Version, Attributes Attributes, uint DroppedAttributesCount = 0)
{
    public static readonly InstrumentationScope Unknown = new("", "", Attributes.None);
}
