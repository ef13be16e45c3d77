using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A cluster can ask the resource for its state.</summary>
[Experimental("ASPIREPROBES001")]
public interface IResourceWithProbes : IResource;

/// <summary>What the answer to a probe decides.</summary>
[Experimental("ASPIREPROBES001")]
public enum ProbeType
{
    /// <summary>Whether the start is over.</summary>
    Startup,

    /// <summary>Whether requests are sent to it.</summary>
    Readiness,

    /// <summary>Whether it is left running.</summary>
    Liveness,
}

/// <summary>How a cluster asks the resource for its state.</summary>
[Experimental("ASPIREPROBES001")]
public class ProbeAnnotation : IResourceAnnotation
{
    internal const int DefaultInitialDelaySeconds = 5;
    internal const int DefaultPeriodSeconds = 5;
    internal const int DefaultTimeoutSeconds = 1;
    internal const int DefaultFailureThreshold = 3;
    internal const int DefaultSuccessThreshold = 1;

    /// <summary>What the answer decides.</summary>
    public required ProbeType Type { get; init; }

    /// <summary>Before the first question.</summary>
    public int InitialDelaySeconds { get; init; } = DefaultInitialDelaySeconds;

    /// <summary>Between questions.</summary>
    public int PeriodSeconds { get; init; } = DefaultPeriodSeconds;

    /// <summary>For an answer.</summary>
    public int TimeoutSeconds { get; init; } = DefaultTimeoutSeconds;

    /// <summary>Failures in a row that count.</summary>
    public int FailureThreshold { get; init; } = DefaultFailureThreshold;

    /// <summary>Successes in a row that count.</summary>
    public int SuccessThreshold { get; init; } = DefaultSuccessThreshold;
}

/// <summary>A URL that a cluster asks.</summary>
[Experimental("ASPIREPROBES001")]
public sealed class EndpointProbeAnnotation : ProbeAnnotation
{
    /// <summary>Where.</summary>
    public required EndpointReference EndpointReference { get; init; }

    /// <summary>The path of the URL.</summary>
    public required string Path { get; init; }
}
