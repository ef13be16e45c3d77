using System.Globalization;

namespace Embedded.Tests.MongoDB.Support;

/// <summary>Random values and documents in the notation of <see cref="Shell"/>, from few enough atoms that they often meet.</summary>
internal static class RandomBson
{
    public static string Value(Random random, int depth) => random.Next(depth > 0 ? 16 : 13) switch
    {
        0 => random.Next(-3, 4).ToString(CultureInfo.InvariantCulture),
        1 => $"NumberLong({random.Next(-3, 4)})",
        2 => random.Next(-3, 4).ToString(CultureInfo.InvariantCulture) + ".5",
        3 => random.Next(-3, 4).ToString(CultureInfo.InvariantCulture) + ".0",
        4 => $"NumberDecimal('{random.Next(-3, 4)}.{random.Next(0, 10)}')",
        5 => $"NumberLong({random.NextInt64(long.MinValue, long.MaxValue)})",
        6 => $"'{"abc\0"[random.Next(3)]}{(random.Next(2) == 0 ? "" : "x\\0")}'",
        7 => "null",
        8 => random.Next(2) == 0 ? "true" : "false",
        9 => $"ISODate('202{random.Next(10)}-01-01')",
        10 => $"BinData('{random.Next(256):x2}')",
        11 => random.Next(5) switch { 0 => "NaN", 1 => "Infinity", 2 => "MinKey", 3 => "MaxKey", _ => "undefined" },
        12 => BitConverter.Int64BitsToDouble(random.NextInt64()) is var real && double.IsFinite(real)
            ? real.ToString("E16", CultureInfo.InvariantCulture).ToLowerInvariant() : "0.5",
        13 => "[" + string.Join(", ", Enumerable.Range(0, random.Next(3)).Select(_ => Value(random, depth - 1))) + "]",
        _ => Document(random, depth - 1),
    };

    public static string Document(Random random, int depth) =>
        "{" + string.Join(", ", "abc".Take(random.Next(4)).Select(name => $"{name}: {Value(random, depth)}")) + "}";
}
