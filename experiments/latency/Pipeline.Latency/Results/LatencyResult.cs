using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Pipeline.Latency.Plots;

namespace Pipeline.Latency.Results;

/// <summary>The machine-readable result, <c>latency-result.json</c>.</summary>
internal sealed record LatencyResult(
    string Schema, DateTimeOffset Started, HostInformation Host, IReadOnlyDictionary<string, string> Versions, PipelineConfiguration Config,
    int Seed, string Profile, int Replicas, IReadOnlyList<CellResult> Cells)
{
    public const string FileName = "latency-result.json";
    public const string SchemaName = "pipeline/latency-result/1";

    public static Task<LatencyResult> ReadAsync(string directory, CancellationToken cancellationToken) =>
        ResultJson.ReadAsync(Path.Combine(directory, FileName), ResultJson.Default.LatencyResult, cancellationToken);

    public Task WriteAsync(string directory) => ResultJson.WriteAsync(Path.Combine(directory, FileName), this);
}

/// <summary>All repetitions of one number of producers at one rate.</summary>
/// <param name="Arrival"><c>uniform</c>: a fixed timetable, the cameras out of step with each other by an even share of the interval;
/// <c>aligned</c>: all at once; <c>poisson</c>: gaps at random.</param>
/// <param name="DurationS">Measured seconds, all repetitions together.</param>
/// <param name="Lost">Never stored; in every percentile they count as infinite.</param>
/// <param name="Endpoint">Null for an end point that was not measured, or whose traces are not complete enough.</param>
internal sealed record CellResult(
    int Producers, double RatePerProducer, string Arrival, double DurationS, double WarmupS, double OfferedPerS, double AchievedPerS,
    int N, int Lost, int Duplicates, int Rejected, Endpoints Endpoint, StageBands StagesMs, double AckImagesP50Ms, double BatchMean,
    double TraceCompleteness, double SamplingP, Clock Clock, IReadOnlyList<RepetitionResult> Repetitions, IReadOnlyList<string> Flags)
{
    [JsonIgnore]
    public string Name => FormattableString.Invariant($"{Producers} × {RatePerProducer:0.###}/s");
}

internal sealed record Endpoints(Distribution? Predicted, Distribution? Stored);

/// <summary>Milliseconds. A quantile with fewer than 20 samples beyond it is left out.</summary>
internal sealed record Distribution(
    string Unit, string Estimator, int N, double P50, Quantile? P90, Quantile? P95, Quantile? P99, Quantile? P999, double Max, double Mean)
{
    /// <summary>A quantile by the name that people give it; null for one that is not known or was left out.</summary>
    public double? this[string name] => name switch
    {
        "p50" => P50,
        "p90" => P90?.V,
        "p95" => P95?.V,
        "p99" => P99?.V,
        "p999" => P999?.V,
        "max" => Max,
        "mean" => Mean,
        _ => null,
    };
}

/// <summary>A value and its 95 % interval.</summary>
internal sealed record Quantile(double V, double Lo, double Hi);

/// <summary>Mean ms of each stage over the images near a quantile of <c>stored</c>; null where that quantile is left out.</summary>
internal sealed record StageBands(IReadOnlyDictionary<string, double>? P50Band, IReadOnlyDictionary<string, double>? P95Band);

/// <summary>How far inference's clock is ahead of the producer's; null when no echo was read.</summary>
internal sealed record Clock(double? ThetaMs, double? BoundMs);

/// <summary>The same quantiles for one repetition, so that a run that went astray shows.</summary>
internal sealed record RepetitionResult(int Repetition, string EndPoint, int N, double P50, double? P95, double? P99);

[JsonSourceGenerationOptions(
    WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(Experiment))]
[JsonSerializable(typeof(LatencyResult))]
[JsonSerializable(typeof(PlotData))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    /// <exception cref="ExperimentException">There is none, or it is damaged.</exception>
    public static async Task<T> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync(file, type, cancellationToken)
                ?? throw new JsonException("it is empty");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ExperimentException($"{path} cannot be read: {exception.Message} Name a folder that an experiment wrote.");
        }
    }

    /// <param name="isIndented">False for numbers that nobody reads one by one.</param>
    public static Task WriteAsync<T>(string path, T value, bool isIndented = true)
    {
        // For people too: a plus sign stays a plus sign.
        var readable = new ResultJson(
            new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = isIndented });
        return File.WriteAllTextAsync(path, JsonSerializer.Serialize(value, typeof(T), readable) + "\n");
    }
}
