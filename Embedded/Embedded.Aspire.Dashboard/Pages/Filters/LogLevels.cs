namespace Embedded.Aspire.Dashboard.Pages.Filters;

/// <summary>Severity numbers by the names that .NET gives them.</summary>
internal static class LogLevels
{
    /// <summary>Each level with the lowest of its four numbers, and the class of its text.</summary>
    public static readonly (string Name, int From, string Style)[] All =
        [("Trace", 1, "quiet"), ("Debug", 5, "quiet"), ("Information", 9, ""), ("Warning", 13, "warn"), ("Error", 17, "bad"), ("Critical", 21, "bad")];

    public static string Name(int severityNumber) => Find(severityNumber).Name;

    public static string Style(int severityNumber) => Find(severityNumber).Style;

    /// <returns>The lowest severity number of the level with that name; zero, which all records have, when there is none.</returns>
    public static int From(string? name) => Array.Find(All, level => level.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).From;

    private static (string Name, int From, string Style) Find(int number)
    {
        var found = Array.FindLast(All, level => number >= level.From);
        return found.Name is null ? ("Unknown", 0, "quiet") : found;
    }
}
