using Pipeline.Contracts.Pixels;

namespace Pipeline.Tests.Contracts;

/// <summary>The golden files and what is in them; Golden/make_golden.py made them and says the same.</summary>
internal static class Vectors
{
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Contracts", "Golden", name));

    public static byte[] Colours { get; } = Make((x, y) => [(byte)(x * 8), (byte)(y * 8), (byte)((x ^ y) * 8)]);

    public static byte[] Greys { get; } = Make((x, y) => [(byte)(x * 5 + y * 3), (byte)(x * 5 + y * 3), (byte)(x * 5 + y * 3)]);

    public static byte[] PaletteColours { get; } = Make((x, y) =>
        [(byte)((x + y) % 16 * 16), (byte)(255 - (x + y) % 16 * 16), (byte)((x + y) % 16 * 7)]);

    public static Rgb24 Picture { get; } = new(32, 32, Colours);

    private static byte[] Make(Func<int, int, byte[]> pixel) =>
        [.. from y in Enumerable.Range(0, 32) from x in Enumerable.Range(0, 32) from sample in pixel(x, y) select sample];
}
