using System.CommandLine;
using Pipeline.Contracts.Stored;

namespace Pipeline.Analytics;

/// <summary><c>report [--csv PATH] [--mongodb URL] [--map-reduce]</c>. Whatever else the program is told comes through .NET's configuration.</summary>
internal static class ReportCommandLine
{
    private const string Name = "report";

    private const int BadUsage = 2;

    private static readonly Option<string> Csv = new("--csv")
    {
        HelpName = "PATH",
        Description = "Where the counts per producer go",
        DefaultValueFactory = _ => Report.CsvFileName,
    };

    // No default value: help would show the password that a connection string may carry.
    private static readonly Option<string?> MongoDB = new("--mongodb")
    {
        HelpName = "URL",
        Description = $"The store, with the database in its path [default: ConnectionStrings__{StoredImage.ConnectionName} from the environment]",
    };

    private static readonly Option<bool> MapReduce = new("--map-reduce") { Description = "Count here, document by document, instead of asking the store to" };

    /// <summary>Whether the report is asked for, rather than the page.</summary>
    public static bool IsAskedFor(string[] args) => args is [Name, ..];

    /// <returns>The exit code: 1 when there is no report, 2 for words that it does not know.</returns>
    public static async Task<int> RunAsync(string[] args, string? connectionString)
    {
        var parsed = Parse(args, connectionString);
        var exitCode = await parsed.InvokeAsync();
        return parsed.Errors.Count > 0 ? BadUsage : exitCode;
    }

    public static ParseResult Parse(string[] args, string? connectionString)
    {
        var report = new Command(Name, "Tells how often the model was wrong, per producer and per class") { Csv, MongoDB, MapReduce };
        report.SetAction((parsed, cancellationToken) => RunAsync(Read(parsed, connectionString), cancellationToken));
        return new RootCommand { report }.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    /// <summary>What is asked for; null where nothing names a store.</summary>
    public static ReportCommand? Read(ParseResult parsed, string? connectionString) =>
        (parsed.GetValue(MongoDB) ?? connectionString) is { Length: > 0 } url ? new(url, parsed.GetValue(Csv)!, parsed.GetValue(MapReduce)) : null;

    private static async Task<int> RunAsync(ReportCommand? report, CancellationToken cancellationToken)
    {
        if (report is not null)
        {
            return await report.RunAsync(Console.Out, Console.Error, cancellationToken);
        }

        await Console.Error.WriteLineAsync("Which store? Name it with --mongodb URL, for example mongodb://127.0.0.1:27017/image_database.");
        return BadUsage;
    }
}
