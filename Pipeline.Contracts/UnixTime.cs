using System.Globalization;

namespace Pipeline.Contracts;

/// <summary>
/// Instants from strangers. Senders write seconds, milliseconds, microseconds or nanoseconds since 1970 into a field that asks for one of them.
/// </summary>
public static class UnixTime
{
    private static readonly long FirstTicks = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;
    private static readonly long LastTicks = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    /// <summary>Ticks of one second, millisecond and microsecond. In a century no number is plausible in two units.</summary>
    private static readonly long[] TicksPerUnit = [TimeSpan.TicksPerSecond, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMicrosecond];

    /// <summary>Tells the unit by the size of the number.</summary>
    /// <param name="number">Since 1970, UTC, in any of the four units.</param>
    /// <param name="instant">In this century; where no unit gives such an instant there is none.</param>
    public static bool TryRead(long number, out DateTimeOffset instant)
    {
        foreach (var ticksPerUnit in TicksPerUnit)
        {
            if (number > 0 && number <= LastTicks / ticksPerUnit && IsPlausible(number * ticksPerUnit, out instant))
            {
                return true;
            }
        }

        return IsPlausible(number / TimeSpan.NanosecondsPerTick, out instant);
    }

    /// <summary>A number as <see cref="TryRead(long, out DateTimeOffset)"/>, with decimals, or ISO 8601; without an offset it is UTC.</summary>
    public static bool TryRead(string text, out DateTimeOffset instant) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? TryRead(number, out instant)
            : DateTimeOffset.TryParse(
                  text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant)
              && IsPlausible(instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, out instant);

    private static bool TryRead(decimal number, out DateTimeOffset instant)
    {
        instant = default;
        // Seconds with decimals are the usual form; the other units are fine enough without them.
        return number is > 0 and < long.MaxValue
            && (number < LastTicks / TimeSpan.TicksPerSecond
                ? IsPlausible((long)(number * TimeSpan.TicksPerSecond), out instant)
                : TryRead((long)number, out instant));
    }

    private static bool IsPlausible(long ticksSince1970, out DateTimeOffset instant)
    {
        var ticks = ticksSince1970 + DateTimeOffset.UnixEpoch.Ticks;
        var isPlausible = ticksSince1970 > 0 && ticks >= FirstTicks && ticks < LastTicks;
        instant = isPlausible ? new DateTimeOffset(ticks, TimeSpan.Zero) : default;
        return isPlausible;
    }
}
