namespace Pipeline.Analytics;

/// <summary>What counts as this run. Page, API and progress count the same images.</summary>
internal sealed record ProgressOptions
{
    public const string Section = "Progress";

    /// <summary>When this run began: images stored before are from earlier runs that share the store. Default: all are of this run.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What the cameras show, for people, such as "1,000 CIFAR-10 test images (sample)". Default: not said.</summary>
    public string? Pictures { get; init => field = string.IsNullOrWhiteSpace(value) ? null : value; }
}
