namespace Pipeline.Contracts;

/// <summary>Whether a camera's clock can be believed: the one place where it is held against ours.</summary>
/// <remarks>A clock that is off by less is believed here, and shown beside the others on the page.</remarks>
public static class CaptureTime
{
    /// <summary>No picture is taken after it came; machines of one cluster agree to well within this.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(1);

    /// <summary>A camera may be offline for long, and Kafka may hold what it sent; not for longer than this.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(365);

    /// <param name="claimed">What the camera says; <see cref="UnixTime"/> has told its unit.</param>
    /// <param name="arrivedAt">When the record came, by our clock.</param>
    public static bool IsPlausible(DateTimeOffset claimed, DateTimeOffset arrivedAt) =>
        claimed <= arrivedAt + MaxAhead && claimed >= arrivedAt - MaxAge;
}
