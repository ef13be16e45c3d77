using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Configuration;

/// <summary>What a person may choose when starting the pipeline: on the command line, in the environment or in appsettings.</summary>
internal sealed record PipelineOptions
{
    /// <summary>Switches that belong to Aspire and to .NET's own configuration, not to the pipeline.</summary>
    private static readonly string[] ForeignSwitches =
        [
        "publisher", "operation", "step", "output-path", "aspirate-compat", "log-level", "include-exception-details", "clear-cache", "deploy",
        "environment", "contentRoot", "applicationName",
    ];

    /// <summary>Cameras, 1 to 1,000. Default: 2.</summary>
    public required int Producers { get; init; }

    /// <summary>Images that each camera sends; 0: endless. Default: 0.</summary>
    public required int Images { get; init; }

    /// <summary>Images per second and camera, open loop; 0: as fast as the broker takes them. Default: 10.</summary>
    public required double Rate { get; init; }

    /// <summary>How the images of several cameras follow each other: uniform (evenly, out of step), aligned (all at once) or poisson (at random).
    /// Default: uniform.</summary>
    public required string Arrival { get; init; }

    /// <summary>Sigma of the sensor noise as a share of full scale, 0 to 1. Default: 0.04.</summary>
    public required double Noise { get; init; }

    /// <summary>Inference processes in the consumer group, 1 to 64. Default: 1.</summary>
    public required int InferenceReplicas { get; init; }

    /// <summary>The broker's port; null: a free one.</summary>
    public required int? KafkaPort { get; init; }

    /// <summary>The store's port; null: a free one.</summary>
    public required int? MongoDBPort { get; init; }

    /// <summary>The dashboard's port. Default: 15888.</summary>
    public required int DashboardPort { get; init; }

    /// <summary>Where broker and store keep their files; null where the pipeline is published: no folder of this machine plays a part.
    /// Default: <c>.data</c> beside the solution.</summary>
    public required DataFolder? Data { get; init; }

    /// <summary>The file that everything the dashboard receives is appended to, as lines of OTLP JSON; null: none.</summary>
    public required string? TelemetryFile { get; init; }

    /// <summary>Which images are traced: a share from 0 to 1, or traces per second such as 200/s; null: the producer's default.</summary>
    public required string? TelemetrySampling { get; init; }

    /// <summary>Whether the producer reads the predictions of its images back, and times them. Default: false.</summary>
    public required bool Echo { get; init; }

    /// <summary>Reads the options. A bad value, or a switch that does not exist, is refused by its name.</summary>
    /// <param name="problem">What is wrong and what would be right, for the person who typed it.</param>
    public static bool TryRead(
        IConfiguration configuration, string[] args, string solutionDirectory,
        [NotNullWhen(true)] out PipelineOptions? options, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            RefuseUnknownSwitches(args);
            options = new PipelineOptions
            {
                Producers = Whole(configuration, "Producers", 2, 1, 1_000),
                Images = Whole(configuration, "Images", 0, 0, int.MaxValue),
                Rate = Number(configuration, "Rate", 10, 0, 1_000_000),
                Arrival = OneOf(configuration, "Arrival", ["uniform", "aligned", "poisson"]),
                Noise = Number(configuration, "Noise", 0.04, 0, 1),
                InferenceReplicas = Whole(configuration, "InferenceReplicas", 1, 1, 64),
                KafkaPort = Port(configuration, "Kafka:Port"),
                MongoDBPort = Port(configuration, "MongoDB:Port"),
                DashboardPort = Port(configuration, "Dashboard:Port") ?? 15_888,
                Data = configuration["AppHost:Operation"] == nameof(DistributedApplicationOperation.Publish)
                    ? null
                    : DataFolder.Open(configuration["Data"] is { Length: > 0 } data ? data : ".data", solutionDirectory),
                TelemetryFile = configuration["Telemetry:File"] is { Length: > 0 } file ? Path.GetFullPath(file, solutionDirectory) : null,
                TelemetrySampling = Sampling(configuration, "Telemetry:Sampling"),
                Echo = YesOrNo(configuration, "Echo"),
            };
            problem = null;
            return true;
        }
        catch (BadOptionException exception)
        {
            (options, problem) = (null, exception.Message);
            return false;
        }
    }

    private static int Whole(IConfiguration configuration, string name, int unset, int min, int max) =>
        configuration[name] is not { Length: > 0 } text ? unset
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value
        : throw new BadOptionException(string.Create(CultureInfo.InvariantCulture,
            $"--{name} is '{text}'; it must be a whole number {(max == int.MaxValue ? $"of at least {min}" : $"from {min} to {max}")}."));

    private static double Number(IConfiguration configuration, string name, double unset, double min, double max) =>
        configuration[name] is not { Length: > 0 } text ? unset
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value
        : throw new BadOptionException(string.Create(CultureInfo.InvariantCulture,
            $"--{name} is '{text}'; it must be a number from {min} to {max}, with a point for decimals."));

    private static string OneOf(IConfiguration configuration, string name, string[] values) =>
        configuration[name] is not { Length: > 0 } text ? values[0]
        : values.FirstOrDefault(value => value.Equals(text, StringComparison.OrdinalIgnoreCase))
        ?? throw new BadOptionException($"--{name} is '{text}'; it must be one of {string.Join(", ", values)}.");

    private static bool YesOrNo(IConfiguration configuration, string name) =>
        configuration[name] is { Length: > 0 } text
        && (bool.TryParse(text, out var value) ? value : throw new BadOptionException($"--{name} is '{text}'; it must be true or false."));

    private static string? Sampling(IConfiguration configuration, string name)
    {
        if (configuration[name] is not { Length: > 0 } text)
            return null;
        var isPerSecond = text.EndsWith("/s", StringComparison.Ordinal);
        return double.TryParse(isPerSecond ? text[..^2] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && (isPerSecond || value <= 1)
            ? text
            : throw new BadOptionException($"--{name} is '{text}'; it must be a share from 0 to 1, or traces per second such as 200/s.");
    }

    private static int? Port(IConfiguration configuration, string name) =>
        configuration[name] is { Length: > 0 } ? Whole(configuration, name, 0, 1, 65_535) : null;

    // .NET's configuration takes any switch in silence, so a typing error would start the pipeline with defaults.
    private static void RefuseUnknownSwitches(string[] args)
    {
        string[] known =
        [
            "Producers", "Images", "Rate", "Arrival", "Noise", "InferenceReplicas", "Kafka:Port", "MongoDB:Port", "Dashboard:Port", "Telemetry:File", "Telemetry:Sampling",
            "Echo", "Data",
        ];
        foreach (var arg in args.Where(arg => arg.StartsWith("--", StringComparison.Ordinal)))
        {
            var name = arg[2..].Split('=')[0];
            var isForeign = name.Contains(':', StringComparison.Ordinal) || ForeignSwitches.Contains(name, StringComparer.OrdinalIgnoreCase);
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase) && !isForeign)
            {
                throw new BadOptionException($"--{name} is not an option. Options are --{string.Join(", --", known)}.");
            }
        }
    }
}

/// <summary>An option was given a value that it cannot take. The message is for the person who typed it.</summary>
internal sealed class BadOptionException(string message) : Exception(message);
