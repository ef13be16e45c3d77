using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Pipeline.Contracts.Options;

/// <summary>How long the store keeps what came; the AppHost's switches and the services' settings alike. Nothing said is for ever.</summary>
public sealed record KeepOptions
{
    public const string Section = "Keep";

    [RegularExpression(Age.Pattern, ErrorMessage = Age.Form)]
    [Description("how long the store keeps pictures; none: for ever. Predictions and counts outlive them")]
    public string? Images { get; init; }

    [RegularExpression(Age.Pattern, ErrorMessage = Age.Form)]
    [Description("how long the store keeps documents, predictions and all; none: for ever")]
    public string? Documents { get; init; }

    /// <summary>Null: for ever. A document takes its picture with it.</summary>
    public TimeSpan? AgeOfImages() => Age.Of(Images) is { } images && !(AgeOfDocuments() <= images) ? images : null;

    public TimeSpan? AgeOfDocuments() => Age.Of(Documents);
}
