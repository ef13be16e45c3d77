using System.Globalization;
using System.Text;
using Pipeline.Contracts.Stored;

namespace Pipeline.Analytics;

/// <summary>The figures as text for a terminal and as CSV, in the columns that earlier scripts read.</summary>
internal static class Report
{
    public const string CsvFileName = "error_counts_per_producer.csv";

    /// <summary>Overall accuracy, wrong counts per producer, accuracy per class; in the tables in percent, as the systems before this one print it.</summary>
    public static string ToText(Figures figures)
    {
        var overall = figures.Overall;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"accuracy {Ratio(overall.Accuracy)}: {overall.Correct} of {overall.Compared} inferred images with a known truth are correct; ");
        text.Append(CultureInfo.InvariantCulture, $"{overall.WithoutTruth} inferred without one and {overall.Pending} not yet inferred, counted neither right nor wrong\n\n");

        AppendTable(text, [StoredImage.ProducerIdField, "wrong_inference_count", "total_inferences", "error_rate", "without_truth"],
            figures.Producers.Select(row => new[] { row.Name, Count(row.Tally.Wrong), Count(row.Tally.Inferred), Percent(row.Tally.ErrorRate, "0.0"), Count(row.Tally.WithoutTruth) }));
        text.Append('\n');
        AppendTable(text, [StoredImage.IdField, "total", "correct", "accuracy"],
            figures.Classes.Select(row => new[] { row.Name, Count(row.Tally.Inferred), Count(row.Tally.Correct), Percent(row.Tally.Accuracy, "0.00") }));
        return text.ToString();
    }

    /// <summary>RFC 4180, with line feeds alone: header <c>ProducerID,total_errors</c>, one row per producer.</summary>
    public static string ToCsv(Figures figures)
    {
        var csv = new StringBuilder("ProducerID,total_errors\n");
        foreach (var (producer, tally) in figures.Producers)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{CsvField(producer)},{tally.Wrong}\n");
        }
        return csv.ToString();
    }

    private static void AppendTable(StringBuilder text, string[] header, IEnumerable<string[]> rows)
    {
        string[][] lines = [header, .. rows.Select(row => row.Select(Printable).ToArray())];
        var widths = header.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            // Names to the left, numbers to the right.
            var cells = line.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.AppendJoin(" | ", cells).Append('\n');
        }
    }

    private static string Count(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Ratio(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "-";

    private static string Percent(double? share, string form) => (100 * share)?.ToString(form, CultureInfo.InvariantCulture) ?? "-";

    // Producer ids come from outside: a control character must not reach the terminal.
    private static string Printable(string text) => string.Concat(text.Select(character => char.IsControl(character) ? '?' : character));

    private static string CsvField(string text)
    {
        // A spreadsheet runs a field that begins like a formula; a leading quote mark makes it text.
        var safe = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return safe.AsSpan().ContainsAny(",\"\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
