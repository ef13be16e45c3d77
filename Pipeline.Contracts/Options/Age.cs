using System.Globalization;

namespace Pipeline.Contracts.Options;

/// <summary>How old something may become, as options say it: <c>7d</c>.</summary>
internal static class Age
{
    public const string Pattern = "^[1-9][0-9]{0,5}[smhd]$";
    public const string Form = "a whole number with s, m, h or d, such as 7d";

    /// <summary>Null where nothing is said.</summary>
    public static TimeSpan? Of(string? text) => text is [.. var number, var unit]
        ? int.Parse(number, CultureInfo.InvariantCulture) * unit switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            _ => TimeSpan.FromDays(1),
        }
        : null;
}
