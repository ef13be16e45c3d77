using System.Globalization;
using Pipeline.Latency.Results;

namespace Pipeline.Latency.Reporting;

/// <summary>The cells as CSV, a line for each cell and end point, numbers without units: ms and images.</summary>
internal static class CellsFile
{
    public const string FileName = "cells.csv";

    private const string Header =
        "endpoint,producers,rate_per_producer,offered_per_s,achieved_per_s,n,lost,p50,p90,p90_lo,p90_hi,p95,p95_lo,p95_hi,p99,p99_lo,p99_hi,max,mean,batch_mean,trace_completeness,flags";

    public static Task WriteAsync(string directory, LatencyResult result) =>
        File.WriteAllTextAsync(Path.Combine(directory, FileName), string.Join('\n', [Header, .. result.Cells.SelectMany(Lines), ""]));

    private static IEnumerable<string> Lines(CellResult cell) =>
        from endpoint in (EndPoint[])EndPoint.All
        let distribution = endpoint == EndPoint.Predicted ? cell.Endpoint.Predicted : cell.Endpoint.Stored
        where distribution is not null
        select string.Join(',', (string[])
        [
            endpoint.Name, N(cell.Producers), N(cell.RatePerProducer), N(cell.OfferedPerS), N(cell.AchievedPerS), N(cell.N), N(cell.Lost),
            N(distribution.P50),
            .. Q(distribution.P90), .. Q(distribution.P95), .. Q(distribution.P99), N(distribution.Max), N(distribution.Mean),
            N(cell.BatchMean), N(cell.TraceCompleteness), string.Join(' ', cell.Flags),
        ]);

    private static string[] Q(Quantile? quantile) => quantile is null ? ["", "", ""] : [N(quantile.V), N(quantile.Lo), N(quantile.Hi)];

    private static string N(double value) => double.IsFinite(value) ? value.ToString("0.######", CultureInfo.InvariantCulture) : "inf";
}
