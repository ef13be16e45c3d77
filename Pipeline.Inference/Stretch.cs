using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Pipeline.Contracts.Pixels;
using SkiaSharp;

namespace Pipeline.Inference;

/// <summary>
/// The one place that says how a picture of another size comes into the model's: stretched to fill it. It is turned upright on the way, and what is
/// transparent becomes white.
/// </summary>
/// <param name="width">Pixels a row of the result.</param>
/// <param name="height">Its rows.</param>
internal sealed class Stretch(int width, int height)
{
    private const int BytesPerPixel = 4;

    // Of the last picture: a camera sends one size, so the next one mostly needs no others.
    private TriangleFilter _across = new(1, 1);
    private TriangleFilter _down = new(1, 1);
    private Vector128<float>[] _line = [];

    /// <summary>Pixels a row, and rows, that the result has before it is turned.</summary>
    public SKSizeI SizeBefore(SKEncodedOrigin origin) => IsOnItsSide(origin) ? new(height, width) : new(width, height);

    /// <param name="rgba">The picture's pixels, colours multiplied by alpha.</param>
    /// <param name="size">Its size.</param>
    /// <param name="origin">Where its first row and first column belong.</param>
    /// <param name="rgb">Width x height x 3 bytes.</param>
    public void Apply(ReadOnlySpan<byte> rgba, SKSizeI size, SKEncodedOrigin origin, Span<byte> rgb)
    {
        var before = SizeBefore(origin);
        _across = Filter(_across, size.Width, before.Width);
        _down = Filter(_down, size.Height, before.Height);
        if (_line.Length < size.Width)
        {
            _line = new Vector128<float>[size.Width];
        }

        var line = _line.AsSpan(0, size.Width);
        var (start, stepAcross, stepDown) = Way(origin);
        for (var y = 0; y < before.Height; y++)
        {
            Down(rgba, y, line);
            Across(line, rgb, start + y * stepDown, stepAcross);
        }
    }

    private static TriangleFilter Filter(TriangleFilter last, int from, int to) => (last.From, last.To) == (from, to) ? last : new(from, to);

    /// <summary>The rows that make one of the result, not yet stretched across.</summary>
    private void Down(ReadOnlySpan<byte> rgba, int y, Span<Vector128<float>> line)
    {
        line.Clear();
        var rowBytes = line.Length * BytesPerPixel;
        var weights = _down.Weights(y, out var row);
        foreach (var weight in weights)
        {
            if (weight > 0)
            {
                Add(MemoryMarshal.Cast<byte, uint>(rgba.Slice(row * rowBytes, rowBytes)), weight, line);
            }

            row++;
        }
    }

    private static void Add(ReadOnlySpan<uint> pixels, float weight, Span<Vector128<float>> line)
    {
        for (var x = 0; x < line.Length && x < pixels.Length; x++)
        {
            var samples = Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(pixels[x]).AsByte()));
            line[x] += Vector128.ConvertToSingle(samples.AsInt32()) * weight;
        }
    }

    private void Across(ReadOnlySpan<Vector128<float>> line, Span<byte> rgb, int pixel, int step)
    {
        for (var x = 0; x < _across.To; x++, pixel += step)
        {
            var weights = _across.Weights(x, out var first);
            var from = line.Slice(first, weights.Length);
            var sum = Vector128<float>.Zero;
            for (var tap = 0; tap < weights.Length; tap++)
            {
                sum += from[tap] * weights[tap];
            }

            var white = Vector128.Create(255.5f - sum.GetElement(3));        // and half a step, to round
            var samples = Vector128.ConvertToInt32(Vector128.Min(sum + white, Vector128.Create(255f)));
            var to = rgb.Slice(pixel * Rgb24.BytesPerPixel, Rgb24.BytesPerPixel);
            (to[0], to[1], to[2]) = ((byte)samples.GetElement(0), (byte)samples.GetElement(1), (byte)samples.GetElement(2));
        }
    }

    private static bool IsOnItsSide(SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    /// <summary>Which pixel of the result is the first, and how far it is to the next one of a row and of a column. Source: EXIF 2.32, Orientation.</summary>
    private (int Start, int Across, int Down) Way(SKEncodedOrigin origin) => origin switch
    {
        SKEncodedOrigin.TopRight => (width - 1, -1, width),
        SKEncodedOrigin.BottomRight => (width * height - 1, -1, -width),
        SKEncodedOrigin.BottomLeft => (width * (height - 1), 1, -width),
        SKEncodedOrigin.LeftTop => (0, width, 1),
        SKEncodedOrigin.RightTop => (width - 1, width, -1),
        SKEncodedOrigin.RightBottom => (width * height - 1, -width, -1),
        SKEncodedOrigin.LeftBottom => (width * (height - 1), -width, 1),
        _ => (0, 1, width),
    };
}
