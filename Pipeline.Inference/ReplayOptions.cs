using System.ComponentModel.DataAnnotations;
using Pipeline.Contracts;

namespace Pipeline.Inference;

/// <summary>Whether images that were classified before are classified again.</summary>
internal sealed record ReplayOptions : IValidatableObject
{
    public const string Section = "Replay";

    /// <summary>All that the topic holds.</summary>
    public const string Beginning = "beginning";

    /// <summary>Where to begin: <c>beginning</c>, or the time at which an image came to the topic, as ISO 8601. Null: no replay.</summary>
    public string? From { get; init; }

    internal DateTimeOffset? FromTime => UnixTime.TryRead(From ?? "", out var instant) ? instant : null;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (From is not null && From != Beginning && FromTime is null)
        {
            yield return new ValidationResult($"Replay__From is '{From}'; it must be {Beginning}, or a time such as 2026-03-01T12:00:00Z.");
        }
    }
}
