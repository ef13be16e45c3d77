using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Pipeline.Contracts.Options;

/// <summary>What every service tells of itself; the AppHost's switches and the services' settings alike.</summary>
public record TelemetryOptions
{
    public const string Section = "Telemetry";

    [RegularExpression(@"^(0(\.\d+)?|\.\d+|1(\.0+)?|\d+(\.\d+)?/s)$", ErrorMessage = "a share from 0 to 1, or traces per second such as 5/s")]
    [Description("which images are traced: so many a second, or a share such as 0.01; metrics count all")]
    public string Sampling { get; init; } = "5/s";

    [Description("a folder where each service also appends its spans to a file, as lines of OTLP JSON")]
    public string? Folder { get; init; }
}
