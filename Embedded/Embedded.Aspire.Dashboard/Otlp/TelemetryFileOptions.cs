using System.ComponentModel.DataAnnotations;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>Where telemetry is kept on disk, and how much of it.</summary>
internal sealed record TelemetryFileOptions
{
    public const string Section = "Dashboard:TelemetryFile";

    /// <summary>The file that everything received is appended to; nothing is written where it is not set.</summary>
    public string? Path { get; init; }

    /// <summary>A file that has grown to this size is renamed, and a new one begun; in megabytes of 1,000,000 bytes. Default 100.</summary>
    [Range(1, 1_000_000)]
    public int MaxMegabytes { get; init; } = 100;

    /// <summary>Renamed files that are kept beside the current one; the oldest go. Default 5.</summary>
    [Range(0, 100_000)]
    public int MaxFiles { get; init; } = 5;

    internal long MaxBytes => MaxMegabytes * 1_000_000L;
}
