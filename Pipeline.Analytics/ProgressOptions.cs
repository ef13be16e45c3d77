namespace Pipeline.Analytics;

/// <summary>What <c>/api/progress</c> counts.</summary>
internal sealed record ProgressOptions
{
    public const string Section = "Progress";

    /// <summary>Only images captured from then on, and records sent from then on: one run among those that share a store. Default: all.</summary>
    public DateTimeOffset? Since { get; init; }
}
