using System.ComponentModel.DataAnnotations;

namespace Pipeline.DbConsumer;

/// <summary>How the consumer deals with the store.</summary>
internal sealed record StoreOptions
{
    public const string Section = "Store";

    /// <summary>How long a service that starts waits for the store, 0 to 1 hour. Default: 1 minute. Once it runs, it waits for as long as it takes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StartWithin { get; init; } = TimeSpan.FromMinutes(1);
}
