using System.Globalization;
using System.Text.RegularExpressions;

/// <summary>A program's line without what the orchestrator and its console formatter put around it.</summary>
internal static partial class LogText
{
    /// <summary>Without the orchestrator's time in front and without colour codes.</summary>
    public static string Plain(string line)
    {
        var text = line.Split(' ', 2) is [var time, var rest] && DateTime.TryParse(time, CultureInfo.InvariantCulture, out _) ? rest : line;
        return ColourCode().Replace(text, "").TrimEnd();
    }

    [GeneratedRegex(@"\x1B\[[0-9;]*m")]
    private static partial Regex ColourCode();
}
