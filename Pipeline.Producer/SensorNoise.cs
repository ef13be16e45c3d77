using System.Diagnostics;

namespace Pipeline.Producer;

/// <summary>Gaussian noise of a camera's sensor: independent for every sample, clipped to what a byte holds.</summary>
/// <remarks>
/// Samples are drawn from a table of rounded normal values by a small seeded generator: four table look-ups for each
/// step of it. One picture (3,072 samples) takes a few microseconds, where <c>Math.Log</c> and <c>Math.Cos</c> take
/// a hundred; bench "noise" has the figures. Not safe for several threads: each camera has its own.
/// </remarks>
internal sealed class SensorNoise
{
    private const int TableBits = 14;                        // 32 KB of shorts: stays in the first-level cache
    private const int TableLength = 1 << TableBits;
    private const uint TableMask = TableLength - 1;

    private readonly short[] _table;
    private ulong _state;

    /// <param name="sigma">Standard deviation as a share of full scale, 255.</param>
    /// <param name="seed">The same seed gives the same noise.</param>
    public SensorNoise(double sigma, int seed)
    {
        _table = MakeTable(sigma * byte.MaxValue);
        _state = unchecked((ulong)seed * 0x9E3779B97F4A7C15) | 1;      // the generator must not start at 0
        for (var i = 0; i < 16; i++)
        {
            Next();                                          // seeds that differ by little begin alike
        }
    }

    /// <summary>Writes a picture with noise added.</summary>
    public void Add(ReadOnlySpan<byte> pixels, Span<byte> noisy)
    {
        Debug.Assert(pixels.Length == noisy.Length && pixels.Length % 4 == 0);
        var table = _table.AsSpan(0, TableLength);
        noisy = noisy[..pixels.Length];
        for (var i = 0; i + 4 <= pixels.Length; i += 4)
        {
            var random = Next();
            noisy[i] = Clip(pixels[i] + table[(int)(random >> 8 & TableMask)]);
            noisy[i + 1] = Clip(pixels[i + 1] + table[(int)(random >> 22 & TableMask)]);
            noisy[i + 2] = Clip(pixels[i + 2] + table[(int)(random >> 36 & TableMask)]);
            noisy[i + 3] = Clip(pixels[i + 3] + table[(int)(random >> 50 & TableMask)]);
        }
    }

    private static byte Clip(int value) => (byte)Math.Clamp(value, byte.MinValue, byte.MaxValue);

    /// <summary>xorshift64* (Vigna 2016): fast, and its upper bits pass the usual tests.</summary>
    private ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1D;
    }

    /// <summary>
    /// Normal values, scaled and rounded. Rounding here equals rounding the sum, because a pixel is a whole number.
    /// Antithetic pairs make the mean exactly 0; scaling makes the deviation exactly sigma before rounding.
    /// </summary>
    private static short[] MakeTable(double sigma)
    {
        var random = new Random(20);                         // the table is the same for every camera
        var normal = new double[TableLength];
        for (var i = 0; i < TableLength; i += 2)
        {
            normal[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            normal[i + 1] = -normal[i];
        }
        var scale = sigma / Math.Sqrt(normal.Average(value => value * value));
        return Array.ConvertAll(normal, value => (short)Math.Clamp(Math.Round(value * scale), short.MinValue, short.MaxValue));
    }
}
