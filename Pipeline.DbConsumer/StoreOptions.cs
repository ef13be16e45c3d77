using System.ComponentModel.DataAnnotations;

namespace Pipeline.DbConsumer;

/// <summary>How the consumer deals with the store.</summary>
internal sealed record StoreOptions
{
    public const string Section = "Store";

    /// <summary>How long a write is tried before the service stops, 0 to 1 hour. Default: 1 minute.</summary>
    /// <remarks>Stay below the consumer's max.poll.interval.ms (5 minutes), or the group gives its partitions away meanwhile.</remarks>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromMinutes(1);
}
