using System.ComponentModel.DataAnnotations;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>How telemetry is taken in. The first key and whether one is asked for stand in <see cref="DashboardOptions"/>.</summary>
internal sealed record OtlpOptions
{
    public const string Section = "Dashboard:Otlp";

    /// <summary>A second key that is taken as well, while senders change over.</summary>
    public string? SecondaryApiKey { get; init; }

    /// <summary>Of one request, after decompression; in MiB. Default 64.</summary>
    [Range(1, 256)]
    public int MaxBodyMegabytes { get; init; } = 64;

    /// <summary>Requests that are read and decoded at the same time; with <see cref="MaxBodyMegabytes"/> the bound of their memory.</summary>
    [Range(1, 1_000)]
    public int MaxConcurrentRequests { get; init; } = 4;

    /// <summary>Requests that wait for their turn; further ones are told to come again.</summary>
    [Range(0, 10_000)]
    public int MaxQueuedRequests { get; init; } = 64;

    public CorsOptions Cors { get; init; } = new();

    internal int MaxBodyBytes => MaxBodyMegabytes << 20;

    /// <summary>Whose pages may send telemetry from a browser.</summary>
    internal sealed record CorsOptions
    {
        /// <summary>Separated by commas; <c>*</c> is anyone. Default: nobody.</summary>
        public string? AllowedOrigins { get; init; }

        /// <summary>Separated by commas. Default: <c>X-Requested-With</c>, and those that OTLP needs always.</summary>
        public string? AllowedHeaders { get; init; }
    }
}
