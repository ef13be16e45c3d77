using System.Globalization;

namespace Embedded.Aspire.Dashboard.Pages.Charts;

/// <summary>How the values of one chart are said: a factor for all of them, chosen by the largest, and the name of the unit that it gives.</summary>
public sealed record ChartUnit(double Factor, string Name)
{
    private static readonly (double From, double Factor, string Name)[] Seconds =
        [(1, 1, "s"), (1e-3, 1e3, "ms"), (1e-6, 1e6, "µs"), (0, 1e9, "ns")];

    private static readonly (double From, double Factor, string Name)[] Bytes =
        [(1L << 30, 1.0 / (1 << 30), "GiB"), (1 << 20, 1.0 / (1 << 20), "MiB"), (1 << 10, 1.0 / (1 << 10), "KiB"), (0, 1, "B")];

    private static readonly (double From, double Factor, string Name)[] Milliseconds =
        [(1e3, 1e-3, "s"), (1, 1, "ms"), (0, 1e3, "µs")];

    /// <param name="unit">As the instrument says it, in UCUM: <c>s</c>, <c>By</c>, <c>{image}</c>.</param>
    /// <param name="largest">Of the values to show, without regard to sign.</param>
    /// <param name="isRate">Values are per second.</param>
    public static ChartUnit For(string unit, double largest, bool isRate = false)
    {
        var found = unit switch
        {
            "s" => Choose(Seconds, largest),
            "ms" => Choose(Milliseconds, largest),
            "By" => Choose(Bytes, largest),
            "1" => new(1, ""),
            _ => new(1, unit.Trim('{', '}')),
        };

        // Seconds spent each second are a share of time, as CPU time is, and have no prefix.
        if (isRate && (unit is "s" or "ms")) return new(unit == "s" ? 1 : 1e-3, "s/s");
        return isRate ? found with { Name = $"{found.Name}/s" } : found;
    }

    /// <summary>A value in this unit, with three or four digits.</summary>
    public string Text(double value) => Name is "" || !double.IsFinite(value) ? Number(value) : $"{Number(value)} {Name}";

    /// <summary>The same without the unit's name, as under a heading that has it.</summary>
    public string Number(double value)
    {
        if (!double.IsFinite(value)) return "–";
        var scaled = value * Factor;
        var digits = Math.Abs(scaled) switch { >= 100 => 0, >= 10 => 1, >= 1 => 2, _ => 4 };
        return Math.Round(scaled, digits).ToString(digits == 0 ? "#,0" : "0.####", CultureInfo.InvariantCulture);
    }

    private static ChartUnit Choose((double From, double Factor, string Name)[] steps, double largest)
    {
        var (_, factor, name) = steps.FirstOrDefault(step => largest >= step.From, steps[^1]);
        return new(factor, name);
    }
}
