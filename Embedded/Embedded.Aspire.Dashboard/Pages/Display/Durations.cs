using System.Buffers;
using System.Globalization;
using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Pages.Display;

/// <summary>How long something took, in the unit a person would say it in: three digits, never more.</summary>
internal static class Durations
{
    private static readonly (double Nanoseconds, string Name)[] Units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns")];

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <param name="nanoseconds">A clock that was set back makes it negative; that is shown, not hidden.</param>
    public static string Text(double nanoseconds)
    {
        if (nanoseconds < 0) return "−" + Text(-nanoseconds);
        if (nanoseconds == 0) return "0";
        if (nanoseconds >= 59.95e9) return Long(TimeSpan.FromSeconds(Math.Round(nanoseconds / 1e9)));

        // 999.6 ms would be written "1000 ms": what rounds up to the next unit is said in the next unit.
        foreach (var (size, name) in Units)
        {
            var value = nanoseconds / size;
            if (value >= 0.9995 || size == 1) return string.Create(CultureInfo.InvariantCulture, $"{ThreeDigits(value)} {name}");
        }

        return "0";
    }

    /// <param name="text">A number with a unit (`ns`, `us`, `µs`, `ms`, `s`, `m`), or a bare number of milliseconds.</param>
    /// <returns>Nanoseconds; nothing when it is no duration.</returns>
    public static long? Parse(string? text)
    {
        text = text?.Trim();
        if (string.IsNullOrEmpty(text)) return null;
        var digits = text.AsSpan().IndexOfAnyExcept(Digits);
        var number = digits < 0 ? text : text[..digits];
        var nanoseconds = (digits < 0 ? "" : text[digits..].Trim()) switch
        {
            "ns" => 1,
            "us" or "µs" or "μs" => 1e3,
            "" or "ms" => 1e6,
            "s" => 1e9,
            "m" or "min" => 60e9,
            _ => double.NaN,
        };
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * nanoseconds is >= 0 and < long.MaxValue
            ? (long)Math.Round(value * nanoseconds)
            : null;
    }

    public static string Of(Span span) => Text(Between(span.StartUnixNano, span.EndUnixNano));

    /// <summary>Nanoseconds between two moments, negative where the second is the earlier one. Exact, where a double holds only some 200 ns of a date.</summary>
    public static double Between(ulong from, ulong to) => (long)(to - from);

    private static string Long(TimeSpan duration) => duration.TotalHours >= 1
        ? $"{(long)duration.TotalHours} h {duration.Minutes} min"
        : $"{duration.Minutes} min {duration.Seconds} s";

    private static string ThreeDigits(double value) =>
        Math.Round(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2).ToString("0.##", CultureInfo.InvariantCulture);
}
