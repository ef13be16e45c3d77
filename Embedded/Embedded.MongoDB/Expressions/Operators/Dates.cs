using System.Globalization;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Expressions.Operators;

/// <summary>Reckoning with milliseconds since 1970 and time zones.</summary>
internal static class Dates
{
    private const long MinMilliseconds = -62135596800000;
    private const long MaxMilliseconds = 253402300799999;

    /// <summary>The calendar date of an instant in a zone.</summary>
    /// <exception cref="CommandException">18533: the year is not one from 1 to 9999.</exception>
    public static DateTime Local(long milliseconds, TimeZoneInfo zone)
    {
        if (milliseconds is < MinMilliseconds or > MaxMilliseconds)
        {
            throw new CommandException(18533, "a date outside the years 1 to 9999 cannot be taken apart");
        }
        var utc = DateTime.UnixEpoch.AddMilliseconds(milliseconds);
        return DateTime.SpecifyKind(ReferenceEquals(zone, TimeZoneInfo.Utc) ? utc : utc + zone.GetUtcOffset(utc), DateTimeKind.Unspecified);
    }

    /// <summary>The instant of a calendar date in a zone.</summary>
    public static long Instant(DateTime local, TimeZoneInfo zone)
    {
        var offset = ReferenceEquals(zone, TimeZoneInfo.Utc)
            ? TimeSpan.Zero
            : zone.GetUtcOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified));
        return (local.Ticks - DateTime.UnixEpoch.Ticks - offset.Ticks) / TimeSpan.TicksPerMillisecond;
    }

    /// <param name="name">An Olson name, or an offset such as +02:00, -0330 or +05.</param>
    public static TimeZoneInfo Zone(string name)
    {
        if (name is "UTC" or "GMT" or "Z")
        {
            return TimeZoneInfo.Utc;
        }
        if (name is ['+' or '-', ..])
        {
            var digits = name[1..].Replace(":", "", StringComparison.Ordinal);
            if (digits.Length is 2 or 4 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                var offset = digits.Length == 2 ? TimeSpan.FromHours(number) : new TimeSpan(number / 100, number % 100, 0);
                if (offset <= TimeSpan.FromHours(14))
                {
                    return TimeZoneInfo.CreateCustomTimeZone(name, name[0] == '-' ? -offset : offset, name, name);
                }
            }
        }
        else if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
        {
            return zone;
        }
        throw new CommandException(40485, $"unrecognized time zone identifier: \"{name}\"");
    }

    public static string Iso(long milliseconds) =>
        Local(milliseconds, TimeZoneInfo.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads the forms of ISO 8601; without an offset of its own the text means the zone's time.</summary>
    public static bool TryParse(string text, TimeZoneInfo zone, out long milliseconds)
    {
        milliseconds = 0;
        if (!char.IsAsciiDigit(text.FirstOrDefault()))
        {
            return false;
        }
        if (DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var parsed))
        {
            milliseconds = parsed.Kind == DateTimeKind.Unspecified
                ? Instant(parsed, zone)
                : (parsed.ToUniversalTime().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
            return true;
        }
        return false;
    }
}
