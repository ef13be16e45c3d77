using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Pipeline.Latency.Plots;

/// <summary>Axes of the three kinds that the plots need. On a logarithmic one, what is plotted are decimal logarithms.</summary>
internal static class Axes
{
    public const string LatencyLog = "latency, ms (log)";

    /// <summary>What is labelled in each decade, the most first.</summary>
    private static readonly int[][] Digits = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1]];

    /// <summary>From 0 to a little above the largest value.</summary>
    public static void Linear(this IAxis axis, double max, Func<double, string>? label = null)
    {
        (axis.Min, axis.Max) = (0, max > 0 && double.IsFinite(max) ? max : 1);
        axis.TickGenerator = new NumericAutomatic { LabelFormatter = label ?? Label, MinorTickGenerator = new EvenlySpacedMinorTickGenerator(1) };
    }

    /// <summary>From a round value below the smallest to one above the largest.</summary>
    /// <param name="labels">As many as there is room for.</param>
    public static void Logarithmic(this IAxis axis, IEnumerable<double> values, int labels = 10)
    {
        double[] positive = [.. values.Where(value => value > 0 && double.IsFinite(value))];
        var (smallest, largest) = (positive.DefaultIfEmpty(1).Min(), positive.DefaultIfEmpty(10).Max());
        (double Value, int Digit)[] rounds =
            [.. from power in Enumerable.Range(-6, 16) from digit in Enumerable.Range(1, 9) select (digit * Math.Pow(10, power), digit)];
        var first = Array.FindLastIndex(rounds, round => round.Value <= smallest * 1.001);
        var last = Array.FindIndex(rounds, round => round.Value >= Math.Max(largest, smallest * 2) * 0.999);
        var ticks = rounds[Math.Max(first, 0)..(last < 0 ? rounds.Length : last + 1)];
        (axis.Min, axis.Max) = (Math.Log10(ticks[0].Value), Math.Log10(ticks[^1].Value));

        var labelled = Array.Find(Digits, digits => ticks.Count(tick => digits.Contains(tick.Digit)) <= labels) ?? Digits[^1];
        var generator = new NumericManual();
        foreach (var (value, digit) in ticks)
        {
            if (labelled.Contains(digit))
            {
                generator.AddMajor(Math.Log10(value), Label(value));
            }
            else
            {
                generator.AddMinor(Math.Log10(value));
            }
        }

        axis.TickGenerator = generator;
    }

    /// <summary>A place for each name, from 0 on.</summary>
    public static void Names(this IAxis axis, IReadOnlyList<string> names)
    {
        (axis.Min, axis.Max) = (-0.5, names.Count - 0.5);
        axis.TickGenerator = new NumericManual([.. names.Select((_, i) => (double)i)], [.. names]);
        (axis.MajorTickStyle.Length, axis.TickLabelStyle.OffsetY) = (0, 4);
        if (names.Count > 8)
        {
            axis.TickLabelStyle.FontSize = 8;
        }
    }

    public static string Label(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);
}
