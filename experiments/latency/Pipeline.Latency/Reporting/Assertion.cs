using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Latency.Results;

namespace Pipeline.Latency.Reporting;

/// <summary>A limit that every cell must keep, such as <c>stored.p95&lt;50</c> (ms).</summary>
internal sealed partial record Assertion(string Text, string EndPointName, string QuantileName, double LimitMs)
{
    /// <exception cref="ExperimentException">It is not of that form.</exception>
    public static Assertion Parse(string text) => Form().Match(text) is { Success: true } match
        ? new Assertion(text, match.Groups["endpoint"].Value, match.Groups["quantile"].Value,
            double.Parse(match.Groups["limit"].Value, CultureInfo.InvariantCulture))
        : throw new ExperimentException($"--assert is '{text}'; write an end point, a quantile and a limit in ms, such as stored.p95<50. "
            + "End points are predicted and stored; quantiles p50, p90, p95, p99, p999, max and mean.");

    /// <summary>Null when every cell keeps it; otherwise which does not, a quantile that was not printed among them.</summary>
    public string? Check(LatencyResult result)
    {
        foreach (var cell in result.Cells)
        {
            var value = (EndPointName == EndPoint.Stored.Name ? cell.Endpoint.Stored : cell.Endpoint.Predicted)?[QuantileName];
            if (!(value < LimitMs))
            {
                return FormattableString.Invariant(
                    $"{Text} does not hold: {cell.Producers} × {cell.RatePerProducer:0.###}/s has {(value is null ? "no such value" : Table.Ms(value) + " ms")}.");
            }
        }

        return null;
    }

    [GeneratedRegex(@"^\s*(?<endpoint>predicted|stored)\.(?<quantile>p50|p90|p95|p99|p999|max|mean)\s*<\s*(?<limit>\d+(\.\d+)?)\s*$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
