using System.Globalization;

namespace Pipeline.Latency.Plots;

/// <summary>Maps values to pixels, evenly or by their logarithm, and knows where its ticks are.</summary>
internal sealed record Scale(double Min, double Max, double FromPixel, double ToPixel, bool IsLog = false)
{
    private static readonly double[] Steps = [1, 2, 5, 10];

    public double this[double value]
    {
        get
        {
            var share = IsLog
                ? Math.Log(Math.Max(value, Min) / Min) / Math.Log(Max / Min)
                : (value - Min) / (Max - Min);
            return FromPixel + Math.Clamp(share, 0, 1) * (ToPixel - FromPixel);
        }
    }

    /// <summary>From 0 to a little above the largest value.</summary>
    public static Scale Linear(double max, double fromPixel, double toPixel) => new(0, max > 0 && double.IsFinite(max) ? max * 1.05 : 1, fromPixel, toPixel);

    /// <summary>From a round value below the smallest to one above the largest.</summary>
    public static Scale Log(double min, double max, double fromPixel, double toPixel)
    {
        var (low, high) = (min > 0 && double.IsFinite(min) ? min : 1, max > 0 && double.IsFinite(max) ? max : 10);
        return new Scale(RoundDown(low), RoundUp(Math.Max(high, low * 2)), fromPixel, toPixel, IsLog: true);
    }

    public IEnumerable<double> Ticks(int about = 6) => IsLog ? LogTicks() : LinearTicks(about);

    public static string Label(double value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    private IEnumerable<double> LinearTicks(int about)
    {
        var step = NiceStep((Max - Min) / about);
        for (var i = (long)Math.Ceiling(Min / step); i * step <= Max; i++)
            yield return Math.Round(i * step, 9);
    }

    private IEnumerable<double> LogTicks()
    {
        double[] mantissas = (Max / Min) switch { > 2_000 => [1], > 5 => [1, 2, 5], _ => [1, 2, 3, 4, 5, 6, 7, 8, 9] };
        for (var power = (int)Math.Floor(Math.Log10(Min)); power <= Math.Ceiling(Math.Log10(Max)); power++)
        {
            foreach (var mantissa in mantissas)
            {
                var tick = mantissa * Math.Pow(10, power);
                if (tick >= Min * 0.999 && tick <= Max * 1.001)
                    yield return tick;
            }
        }
    }

    private static double NiceStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return Steps.First(step => step * power >= rough * 0.999) * power;
    }

    private static double RoundUp(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Steps.First(step => step * power >= value * 0.999) * power;
    }

    private static double RoundDown(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Steps.Last(step => step * power <= value * 1.001) * power;
    }
}
