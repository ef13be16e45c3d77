using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Pipeline.Contracts.Options;

/// <summary>How long the store keeps what came; the AppHost's switches and the services' settings alike. Nothing said is for ever.</summary>
public sealed record KeepOptions
{
    public const string Section = "Keep";

    private const string Age = "^[1-9][0-9]{0,5}[smhd]$";
    private const string AgeForm = "a whole number with s, m, h or d, such as 7d";

    [RegularExpression(Age, ErrorMessage = AgeForm)]
    [Description("how long the store keeps pictures; none: for ever. Predictions and counts outlive them")]
    public string? Images { get; init; }

    [RegularExpression(Age, ErrorMessage = AgeForm)]
    [Description("how long the store keeps documents, predictions and all; none: for ever")]
    public string? Documents { get; init; }

    /// <summary>Null: for ever. A document takes its picture with it.</summary>
    public TimeSpan? AgeOfImages() => AgeOf(Images) is { } images && !(AgeOfDocuments() <= images) ? images : null;

    public TimeSpan? AgeOfDocuments() => AgeOf(Documents);

    private static TimeSpan? AgeOf(string? text) => text is [.. var number, var unit]
        ? int.Parse(number, CultureInfo.InvariantCulture) * unit switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            _ => TimeSpan.FromDays(1),
        }
        : null;
}
