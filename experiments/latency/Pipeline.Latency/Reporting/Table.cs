using System.Globalization;
using Pipeline.Latency.Results;
using static System.FormattableString;

namespace Pipeline.Latency.Reporting;

/// <summary>A column of the result table: its head, and what stands in it for a cell and one end point.</summary>
internal sealed record Column(string Name, Func<CellResult, Distribution?, string> Text);

internal static class Table
{
    public static readonly Column[] Columns =
    [
        new("producers", (cell, _) => Text(cell.Producers)),
        new("rate/producer", (cell, _) => Text(cell.RatePerProducer)),
        new("offered/s", (cell, _) => Text(cell.OfferedPerS)),
        new("achieved/s", (cell, _) => Text(cell.AchievedPerS)),
        new("warm-up s", (cell, _) => Text(cell.WarmupS)),
        new("n", (cell, _) => Text(cell.N)),
        new("lost", (cell, _) => Text(cell.Lost)),
        new("p50", (_, distribution) => Ms(distribution?.P50)),
        new("p90 [lo, hi]", (_, distribution) => Ms(distribution?.P90)),
        new("p95 [lo, hi]", (_, distribution) => Ms(distribution?.P95)),
        new("p99 [lo, hi]", (_, distribution) => Ms(distribution?.P99)),
        new("max", (_, distribution) => Ms(distribution?.Max)),
        new("mean batch", (cell, _) => Text(cell.BatchMean)),
        new("flags", (cell, _) => string.Join(' ', cell.Flags)),
    ];

    public static IEnumerable<string> Markdown(IEnumerable<CellResult> cells, Func<CellResult, Distribution?> of) =>
        MarkdownTable.Write(Columns.Select(column => column.Name), cells.Select(cell => Columns.Select(column => column.Text(cell, of(cell)))));

    /// <summary>Milliseconds; a dash for what was not measured or has too few samples.</summary>
    public static string Ms(double? ms) => ms switch
    {
        null => "–",
        double.PositiveInfinity => "> drain",
        _ => Invariant($"{ms:0.00}"),
    };

    public static string Ms(Quantile? quantile) => quantile is null ? "–" : $"{Ms(quantile.V)} [{Ms(quantile.Lo)}, {Ms(quantile.Hi)}]";

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}

internal static class MarkdownTable
{
    public static IEnumerable<string> Write(IEnumerable<string> head, IEnumerable<IEnumerable<string>> rows)
    {
        string[] names = [.. head];
        yield return Line(names);
        yield return Line(names.Select(_ => "---"));
        foreach (var row in rows)
        {
            yield return Line(row);
        }
    }

    private static string Line(IEnumerable<string> texts) => $"| {string.Join(" | ", texts)} |";
}
