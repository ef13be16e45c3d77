using System.Globalization;

namespace Pipeline.Analytics.Page;

/// <summary>How values are written on the page, and the small parts that sections share.</summary>
internal static class Shown
{
    public const string Unknown = "–";

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(long? value) => value is { } known ? Count(known) : Unknown;

    /// <summary>At most four characters, for cells: 999, 1.2k, 35k, 7M.</summary>
    public static string Short(long value) => value switch
    {
        < 1_000 => value.ToString(CultureInfo.InvariantCulture),
        < 9_950 => (value / 1e3).ToString("0.0k", CultureInfo.InvariantCulture),
        < 999_500 => (value / 1e3).ToString("0k", CultureInfo.InvariantCulture),
        _ => (value / 1e6).ToString("0M", CultureInfo.InvariantCulture),
    };

    public static string Percent(double? ratio) => ratio?.ToString("P1", CultureInfo.InvariantCulture) ?? Unknown;

    public static string Milliseconds(long? value) => value is { } known ? Count(known) + " ms" : Unknown;

    public static string PerSecond(double? value) => value?.ToString(value < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>How long ago, in the one unit that a person would say.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 1 } => "< 1 s",
        { TotalSeconds: < 60 } => $"{age.Seconds} s",
        { TotalMinutes: < 60 } => $"{age.Minutes} min",
        { TotalHours: < 24 } => $"{age.Hours} h",
        _ => $"{age.Days} d",
    };

    /// <summary>1.2 GB, by thousands.</summary>
    public static string Bytes(long value) => value switch
    {
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e3:0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e6:0} MB"),
        < 1_000_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.0} GB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value / 1e12:0.0} TB"),
    };

    /// <summary>In the one unit that a person would say.</summary>
    public static string Duration(double days) => days switch
    {
        < 2 => string.Create(CultureInfo.InvariantCulture, $"{24 * days:0} h"),
        < 730 => string.Create(CultureInfo.InvariantCulture, $"{days:N0} d"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{days / 365:N0} years"),
    };

    /// <summary>How far a clock is off, and to which side. Measured to some milliseconds, a day is now and then a little less.</summary>
    public static string Skew(TimeSpan ahead)
    {
        var off = ahead.Duration();
        var amount = off switch
        {
            { TotalMinutes: < 0.99 } => string.Create(CultureInfo.InvariantCulture, $"{off.TotalSeconds:0.#} s"),
            { TotalHours: < 0.99 } => string.Create(CultureInfo.InvariantCulture, $"{off.TotalMinutes:0.#} min"),
            { TotalDays: < 0.99 } => string.Create(CultureInfo.InvariantCulture, $"{off.TotalHours:0.#} h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{off.TotalDays:0.#} d"),
        };
        return $"{amount} {(ahead > TimeSpan.Zero ? "ahead" : "behind")}";
    }

    public static Html Bar(double? ratio, string kind) => Html.Of(
        $"""<svg class="bar {kind}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="{100 * Math.Clamp(ratio ?? 0, 0, 1):0.##}" height="8"/></svg>""");

    public static Html Empty(string text) => Html.Of($"""<p class="empty">{text}</p>""");
}
