using System.Diagnostics;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>The source of spans that services share. Without a listener each call is a check of a flag.</summary>
public static class PipelineTelemetry
{
    public static readonly ActivitySource Source = new(
        new ActivitySourceOptions(TelemetryNames.ActivitySource) { TelemetrySchemaUrl = TelemetryNames.SchemaUrl });

    /// <summary>Starts a span at an instant that may lie in the past; it becomes <see cref="Activity.Current"/>.</summary>
    /// <param name="name">The span's name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="parent">Its parent; default: it begins a trace, whatever the current span is.</param>
    /// <param name="at">When it began.</param>
    /// <param name="attributes">Those that are the same for all such spans.</param>
    /// <param name="links">What else it belongs to.</param>
    /// <returns>Null when nobody listens, or the trace is not recorded.</returns>
    public static Activity? Start(
        string name, ActivityKind kind, ActivityContext parent, DateTimeOffset at,
        KeyValuePair<string, object?>[]? attributes = null, IEnumerable<ActivityLink>? links = null)
    {
        if (!Source.HasListeners())
        {
            return null;
        }
        // To the library no parent means the current span, which in a batch loop is some other image's.
        if (parent == default)
        {
            Activity.Current = null;
        }

        return Source.StartActivity(name, kind, parent, attributes, links, at);
    }

    /// <summary>Ends a span at an instant, and takes back <see cref="Activity.Current"/>.</summary>
    public static void End(this Activity span, DateTimeOffset at)
    {
        span.SetEndTime(at.UtcDateTime);
        span.Dispose();
    }

    /// <summary>Marks what failed, and how.</summary>
    /// <param name="span">The span.</param>
    /// <param name="errorType">Of few values: an error code's or an exception's name.</param>
    /// <param name="description">For people.</param>
    public static void Fail(this Activity span, string errorType, string? description) =>
        span.SetStatus(ActivityStatusCode.Error, description).SetTag(TelemetryNames.ErrorType, errorType);
}
