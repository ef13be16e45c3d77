using System.Globalization;
using System.Text;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Expressions.Operators;

/// <summary>Dates: their parts, their text, adding to them, cutting them down to hours or weeks.</summary>
internal static class DateOperators
{
    private const long DayMs = 86_400_000;

    /// <summary>Bins of <c>$dateTrunc</c> are counted from here: 2000-01-01, a Saturday.</summary>
    private static readonly DateTime Reference = new(2000, 1, 1);

    public static readonly Operator[] Rows =
    [
        Part("$year", date => date.Year),
        Part("$month", date => date.Month),
        Part("$dayOfMonth", date => date.Day),
        Part("$hour", date => date.Hour),
        Part("$minute", date => date.Minute),
        Part("$second", date => date.Second),
        Part("$millisecond", date => date.Millisecond),
        Part("$dayOfWeek", date => (int)date.DayOfWeek + 1),
        Part("$dayOfYear", date => date.DayOfYear),
        Part("$week", date => (date.DayOfYear + 6 - (int)date.DayOfWeek) / 7),
        Part("$isoWeek", ISOWeek.GetWeekOfYear),
        Part("$isoWeekYear", ISOWeek.GetYear),
        Part("$isoDayOfWeek", IsoDayOfWeek),
        Operator.Named("$dateTrunc", ["date", "unit", "binSize?", "timezone?", "startOfWeek?"], Trunc),
        Operator.Named(
            "$dateAdd", ["startDate", "unit", "amount", "timezone?"], (arguments, root, scope) => AddTo("$dateAdd", arguments, root, scope, 1)),
        Operator.Named("$dateSubtract", ["startDate", "unit", "amount", "timezone?"],
            (arguments, root, scope) => AddTo("$dateSubtract", arguments, root, scope, -1)),
        Operator.Named("$dateDiff", ["startDate", "endDate", "unit", "timezone?", "startOfWeek?"], Diff),
        Operator.Named("$dateToString", ["date", "format?", "timezone?", "onNull?"], ToText),
        Operator.Named("$dateFromString", ["dateString", "format?", "timezone?", "onError?", "onNull?"], FromText),
        Operator.Named("$dateToParts", ["date", "timezone?", "iso8601?"], ToParts),
        Operator.Named("$dateFromParts", ["year", "month?", "day?", "hour?", "minute?", "second?", "millisecond?", "timezone?"], FromParts),
    ];

    private static Operator Part(string name, Func<DateTime, int> part) => Operator.Named(name, ["date", "timezone?"], takesBare: true,
        apply: (arguments, root, scope) =>
    {
        var date = arguments[0].Evaluate(root, scope);
        if (date.IsNullish || !TryZone(arguments[1], root, scope, out var zone))
        {
            return RawValue.Null;
        }
        return scope.Of(part(Dates.Local(Milliseconds(name, date), zone)));
    });

    private static RawValue Trunc(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var date = arguments[0].Evaluate(root, scope);
        var unit = arguments[1].Evaluate(root, scope);
        var bin = arguments[2].Evaluate(root, scope);
        if (date.IsNullish || unit.IsNullish || (bin.IsNullish && arguments[2] is not Nothing) || !TryZone(arguments[3], root, scope, out var zone))
        {
            return RawValue.Null;
        }
        var size = 1L;
        if (!bin.IsMissing && (!bin.IsNumber || !Number.From(bin).TryGetInt64(out size) || size <= 0))
        {
            throw new CommandException(5439017, "$dateTrunc requires 'binSize' to be greater than 0");
        }
        var milliseconds = Milliseconds("$dateTrunc", date);
        var name = UnitOf("$dateTrunc", unit);
        if (Length(name) is not 0 and var length)
        {
            var origin = (Reference.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
            if (name == "week")
            {
                origin += (((int)StartOfWeek(arguments[4], root, scope) - (int)Reference.DayOfWeek + 7) % 7) * DayMs;
            }
            if (size > long.MaxValue / length)
            {
                throw new CommandException(ErrorCode.Overflow, "$dateTrunc's 'binSize' is too large");
            }
            if (ReferenceEquals(zone, TimeZoneInfo.Utc))
            {
                return scope.Date(Floor(milliseconds - origin, length * size) + origin);
            }
            var local = Dates.Instant(Dates.Local(milliseconds, zone), TimeZoneInfo.Utc);
            var cut = Floor(local - origin, length * size) + origin;
            return scope.Date(Dates.Instant(DateTime.UnixEpoch.AddMilliseconds(cut), zone));
        }
        var months = (name == "month" ? 1 : name == "quarter" ? 3 : 12) * size;
        var from = Dates.Local(milliseconds, zone);
        var count = Floor((from.Year - Reference.Year) * 12L + from.Month - 1, months);
        return scope.Date(Dates.Instant(Reference.AddMonths((int)count), zone));
    }

    private static RawValue AddTo(string name, Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope, int sign)
    {
        var date = arguments[0].Evaluate(root, scope);
        var unit = arguments[1].Evaluate(root, scope);
        var amount = arguments[2].Evaluate(root, scope);
        if (date.IsNullish || unit.IsNullish || amount.IsNullish || !TryZone(arguments[3], root, scope, out var zone))
        {
            return RawValue.Null;
        }
        if (!amount.IsNumber || !Number.From(amount).TryGetInt64(out var count))
        {
            throw new CommandException(5166405, $"{name} expects integer amount of time units");
        }
        var milliseconds = Milliseconds(name, date);
        var of = UnitOf(name, unit);
        try
        {
            checked
            {
                count *= sign;
                switch (of)
                {
                    case "year" or "quarter" or "month":
                        return scope.Date(Dates.Instant(Dates.Local(milliseconds, zone)
                            .AddMonths((int)(count * (of == "year" ? 12 : of == "quarter" ? 3 : 1))), zone));
                    case "week" or "day" when !ReferenceEquals(zone, TimeZoneInfo.Utc):
                        // A day later is the same time of day, also across a change of the clocks.
                        return scope.Date(Dates.Instant(Dates.Local(milliseconds, zone).AddDays(count * (of == "week" ? 7 : 1)), zone));
                    default:
                        return scope.Date(milliseconds + count * Length(of));
                }
            }
        }
        catch (Exception problem) when (problem is OverflowException or ArgumentOutOfRangeException)
        {
            throw new CommandException(5166406, $"{name} overflowed");
        }
    }

    private static RawValue Diff(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var start = arguments[0].Evaluate(root, scope);
        var end = arguments[1].Evaluate(root, scope);
        var unit = arguments[2].Evaluate(root, scope);
        if (start.IsNullish || end.IsNullish || unit.IsNullish || !TryZone(arguments[3], root, scope, out var zone))
        {
            return RawValue.Null;
        }
        var name = UnitOf("$dateDiff", unit);
        var (from, to) = (Dates.Local(Milliseconds("$dateDiff", start), zone), Dates.Local(Milliseconds("$dateDiff", end), zone));
        // What counts is how many boundaries of the unit lie between the two.
        return scope.Of(name switch
        {
            "year" => to.Year - from.Year,
            "quarter" => (to.Year - from.Year) * 4L + (to.Month - 1) / 3 - (from.Month - 1) / 3,
            "month" => (to.Year - from.Year) * 12L + to.Month - from.Month,
            "week" => (Weeks(to, StartOfWeek(arguments[4], root, scope)) - Weeks(from, StartOfWeek(arguments[4], root, scope))),
            _ => FloorDivide(to.Ticks / TimeSpan.TicksPerMillisecond, Length(name))
                - FloorDivide(from.Ticks / TimeSpan.TicksPerMillisecond, Length(name)),
        });

        // Day 0 of the calendar, 0001-01-01, is a Monday.
        static long Weeks(DateTime date, DayOfWeek first) => FloorDivide(date.Ticks / TimeSpan.TicksPerDay - ((int)first + 6) % 7, 7);
    }

    private static RawValue ToText(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var date = arguments[0].Evaluate(root, scope);
        if (date.IsNullish)
        {
            return arguments[3] is Nothing ? RawValue.Null : arguments[3].Evaluate(root, scope);
        }
        var format = arguments[1].Evaluate(root, scope);
        if ((format.IsNullish && arguments[1] is not Nothing) || !TryZone(arguments[2], root, scope, out var zone))
        {
            return RawValue.Null;
        }
        var milliseconds = Milliseconds("$dateToString", date);
        var pattern = !format.IsMissing ? format.Text : ReferenceEquals(zone, TimeZoneInfo.Utc) ? "%Y-%m-%dT%H:%M:%S.%LZ" : "%Y-%m-%dT%H:%M:%S.%L";
        var local = Dates.Local(milliseconds, zone);
        var text = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '%')
            {
                text.Append(pattern[i]);
                continue;
            }
            if (++i == pattern.Length)
            {
                throw new CommandException(18535, "Unmatched '%' at end of format string");
            }
            var offset = (local.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMinute - FloorDivide(milliseconds, 60_000);
            text.Append(CultureInfo.InvariantCulture, $"{Specified(pattern[i], local, offset)}");
        }
        return scope.String(text.ToString());
    }

    private static string Specified(char specifier, DateTime local, long offsetMinutes)
    {
        var c = CultureInfo.InvariantCulture;
        return specifier switch
        {
            'd' => local.Day.ToString("00", c),
            'G' => ISOWeek.GetYear(local).ToString("0000", c),
            'H' => local.Hour.ToString("00", c),
            'j' => local.DayOfYear.ToString("000", c),
            'L' => local.Millisecond.ToString("000", c),
            'm' => local.Month.ToString("00", c),
            'M' => local.Minute.ToString("00", c),
            'S' => local.Second.ToString("00", c),
            'u' => IsoDayOfWeek(local).ToString(c),
            'U' => ((local.DayOfYear + 6 - (int)local.DayOfWeek) / 7).ToString("00", c),
            'V' => ISOWeek.GetWeekOfYear(local).ToString("00", c),
            'w' => ((int)local.DayOfWeek + 1).ToString(c),
            'Y' => local.Year.ToString("0000", c),
            'b' => local.ToString("MMM", c),
            'B' => local.ToString("MMMM", c),
            'z' => $"{(offsetMinutes < 0 ? '-' : '+')}{Math.Abs(offsetMinutes) / 60:00}{Math.Abs(offsetMinutes) % 60:00}",
            'Z' => offsetMinutes.ToString(c),
            '%' => "%",
            _ => throw new CommandException(18536, $"Invalid format character '%{specifier}' in format string"),
        };
    }

    private static RawValue FromText(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var input = arguments[0].Evaluate(root, scope);
        if (input.IsNullish)
        {
            return arguments[4] is Nothing ? RawValue.Null : arguments[4].Evaluate(root, scope);
        }
        var format = arguments[1].Evaluate(root, scope);
        if (!TryZone(arguments[2], root, scope, out var zone))
        {
            return RawValue.Null;
        }
        if (input.IsString)
        {
            if (format.IsMissing)
            {
                if (Dates.TryParse(input.Text, zone, out var milliseconds))
                {
                    return scope.Date(milliseconds);
                }
            }
            else if (DateTime.TryParseExact(input.Text, DotNetFormat(format.Text), CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
            {
                return scope.Date(Dates.Instant(parsed, zone));
            }
        }
        return arguments[3] is Nothing
            ? throw new CommandException(
                ErrorCode.ConversionFailure, $"Error parsing date string '{(input.IsString ? input.Text : TypeName.Of(input.Type))}'")
            : arguments[3].Evaluate(root, scope);
    }

    private static string DotNetFormat(string format)
    {
        var result = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                result.Append('\\').Append(format[i]);
                continue;
            }
            result.Append(format[++i] switch
            {
                'Y' => "yyyy",
                'm' => "MM",
                'd' => "dd",
                'H' => "HH",
                'M' => "mm",
                'S' => "ss",
                'L' => "fff",
                'b' => "MMM",
                'B' => "MMMM",
                '%' => "\\%",
                var other => throw new CommandException(18536, $"Invalid format character '%{other}' in format string"),
            });
        }
        return result.ToString();
    }

    private static RawValue ToParts(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var date = arguments[0].Evaluate(root, scope);
        if (date.IsNullish || !TryZone(arguments[1], root, scope, out var zone))
        {
            return RawValue.Null;
        }
        var iso = arguments[2].Evaluate(root, scope).IsTruthy;
        var local = Dates.Local(Milliseconds("$dateToParts", date), zone);
        var start = scope.Scratch.BeginDocument();
        if (iso)
        {
            scope.Scratch.WriteInt32("isoWeekYear"u8, ISOWeek.GetYear(local));
            scope.Scratch.WriteInt32("isoWeek"u8, ISOWeek.GetWeekOfYear(local));
            scope.Scratch.WriteInt32("isoDayOfWeek"u8, IsoDayOfWeek(local));
        }
        else
        {
            scope.Scratch.WriteInt32("year"u8, local.Year);
            scope.Scratch.WriteInt32("month"u8, local.Month);
            scope.Scratch.WriteInt32("day"u8, local.Day);
        }
        scope.Scratch.WriteInt32("hour"u8, local.Hour);
        scope.Scratch.WriteInt32("minute"u8, local.Minute);
        scope.Scratch.WriteInt32("second"u8, local.Second);
        scope.Scratch.WriteInt32("millisecond"u8, local.Millisecond);
        return scope.Finish(BsonType.Document, start);
    }

    private static RawValue FromParts(Expression[] arguments, ReadOnlySpan<byte> root, Evaluation scope)
    {
        long[] parts = [0, 1, 1, 0, 0, 0, 0];
        for (var i = 0; i < parts.Length; i++)
        {
            if (arguments[i] is Nothing)
            {
                continue;
            }
            var value = arguments[i].Evaluate(root, scope);
            if (value.IsNullish)
            {
                return RawValue.Null;
            }
            if (!value.IsNumber || !Number.From(value).TryGetInt64(out parts[i]) || Math.Abs(parts[i]) > 100_000_000)
            {
                throw new CommandException(40515, "$dateFromParts needs whole numbers within reason");
            }
        }
        if (!TryZone(arguments[7], root, scope, out var zone))
        {
            return RawValue.Null;
        }
        try
        {
            // Parts beyond their range carry over: month 14 is February of the next year.
            var local = new DateTime((int)parts[0], 1, 1).AddMonths((int)parts[1] - 1).AddDays(parts[2] - 1)
                .AddHours(parts[3]).AddMinutes(parts[4]).AddSeconds(parts[5]).AddMilliseconds(parts[6]);
            return scope.Date(Dates.Instant(local, zone));
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new CommandException(40523, "'year' must be in the range 1 to 9999, and so must the resulting date");
        }
    }

    private static bool TryZone(Expression argument, ReadOnlySpan<byte> root, Evaluation scope, out TimeZoneInfo zone)
    {
        zone = TimeZoneInfo.Utc;
        if (argument is Nothing)
        {
            return true;
        }
        var value = argument.Evaluate(root, scope);
        if (value.IsNullish)
        {
            return false;
        }
        zone = value.IsString
            ? Dates.Zone(value.Text)
            : throw new CommandException(40517, $"timezone must evaluate to a string, found {TypeName.Of(value.Type)}");
        return true;
    }

    private static long Milliseconds(string name, RawValue value) => value.Type switch
    {
        BsonType.DateTime => value.AsInt64,
        BsonType.Timestamp => (long)((ulong)value.AsInt64 >> 32) * 1000,
        BsonType.ObjectId => (long)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(value.Bytes) * 1000,
        _ => throw new CommandException(16006, $"{name} requires a date, found: {TypeName.Of(value.Type)}"),
    };

    private static string UnitOf(string name, RawValue unit)
    {
        if (!unit.IsString)
        {
            throw new CommandException(5439013, $"{name} requires 'unit' to be a string, but got {TypeName.Of(unit.Type)}");
        }
        var text = unit.Text;
        return text is "year" or "quarter" or "month" or "week" or "day" or "hour" or "minute" or "second" or "millisecond"
            ? text
            : throw new CommandException(ErrorCode.FailedToParse, $"unknown time unit value: {text}");
    }

    private static DayOfWeek StartOfWeek(Expression argument, ReadOnlySpan<byte> root, Evaluation scope)
    {
        var value = argument.Evaluate(root, scope);
        if (value.IsNullish)
        {
            return DayOfWeek.Sunday;
        }
        var text = value.IsString ? value.Text : "";
        foreach (var day in Enum.GetValues<DayOfWeek>())
        {
            var name = day.ToString();
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase) || text.Equals(name[..3], StringComparison.OrdinalIgnoreCase))
            {
                return day;
            }
        }
        throw new CommandException(ErrorCode.FailedToParse, $"unknown day of week value: {text}");
    }

    /// <summary>The milliseconds of a unit that always has as many; 0 for months, quarters and years.</summary>
    private static long Length(string unit) => unit switch
    {
        "millisecond" => 1,
        "second" => 1000,
        "minute" => 60_000,
        "hour" => 3_600_000,
        "day" => DayMs,
        "week" => 7 * DayMs,
        _ => 0,
    };

    private static int IsoDayOfWeek(DateTime date) => date.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek;

    private static long Floor(long value, long step) => FloorDivide(value, step) * step;

    private static long FloorDivide(long value, long step) => value / step - (value % step < 0 ? 1 : 0);
}
