using System.Globalization;
using System.Numerics;

namespace Pipeline.Latency.Running;

/// <summary>Numbers of the command line. What is refused is named, with what would be right.</summary>
internal static class Numbers
{
    /// <summary>Such as <c>3</c>, <c>1,2,5</c> or <c>1-5</c>.</summary>
    public static int[] Whole(string option, string text, int min, int max)
    {
        var found = new SortedSet<int>();
        foreach (var part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !TryWhole(ends[0], min, max, out var first) || !TryWhole(ends[^1], min, max, out var last) || last < first)
            {
                throw new ExperimentException($"{option} is '{text}'; write numbers from {min} to {max}, such as 3, 1,2,5 or 1-5.");
            }

            found.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return [.. found];
    }

    /// <summary>Such as <c>20</c> or <c>0.5,1,10</c>.</summary>
    public static double[] Positive(string option, string text) => Array.ConvertAll(text.Split(','), part =>
        double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 100_000 ? value
        : throw new ExperimentException(
            $"{option} is '{text}'; write numbers above 0 and at most 100,000, with a point for decimals, such as 20 or 1,10,50."));

    public static T? InRange<T>(string option, T? value, T min, T max) where T : struct, INumber<T> =>
        value is not { } number || (number >= min && number <= max) ? value
        : throw new ExperimentException(FormattableString.Invariant($"{option} is {number}; it must be from {min} to {max}."));

    private static bool TryWhole(string text, int min, int max, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;
}
