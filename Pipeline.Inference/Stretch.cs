using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Pipeline.Contracts.Pixels;
using SkiaSharp;

namespace Pipeline.Inference;

/// <summary>
/// Brings a picture of another size into the model's, as much of it as <see cref="PictureFit"/> says. It is turned upright on the way, and what is
/// transparent becomes white.
/// </summary>
internal sealed class Stretch(PictureFit fit)
{
    private const int BytesPerPixel = 4;

    // Of the last picture: a camera sends one size, so the next one mostly needs no others.
    private TriangleFilter _across = new(1, 1, 1);
    private TriangleFilter _down = new(1, 1, 1);
    private Vector128<float>[] _line = [];

    /// <summary>The smallest size of a picture, before it is turned, that has a pixel for each of the result.</summary>
    public SKSizeI Enough(SKSizeI size, SKEncodedOrigin origin)
    {
        var way = WayOf(size, origin);
        return new((int)MathF.Round(way.FilledWidth * size.Width / way.TakenWidth), (int)MathF.Round(way.FilledHeight * size.Height / way.TakenHeight));
    }

    /// <param name="rgba">The picture's pixels, colours multiplied by alpha.</param>
    /// <param name="size">Its size.</param>
    /// <param name="origin">Where its first row and first column belong.</param>
    /// <param name="rgb">The model's width x height x 3 bytes.</param>
    public void Apply(ReadOnlySpan<byte> rgba, SKSizeI size, SKEncodedOrigin origin, Span<byte> rgb)
    {
        var way = WayOf(size, origin);
        if (way.FilledWidth * way.FilledHeight < fit.Width * fit.Height)
        {
            rgb.Clear();
        }

        _across = Filter(_across, size.Width, way.TakenWidth, way.FilledWidth);
        _down = Filter(_down, size.Height, way.TakenHeight, way.FilledHeight);
        if (_line.Length < size.Width)
        {
            _line = new Vector128<float>[size.Width];
        }

        var line = _line.AsSpan(0, size.Width);
        for (var y = 0; y < way.FilledHeight; y++)
        {
            Down(rgba, y, line);
            Across(line, rgb, way.Start + y * way.Down, way.Across);
        }
    }

    private static TriangleFilter Filter(TriangleFilter last, int from, float taken, int to) =>
        (last.From, last.Taken, last.To) == (from, taken, to) ? last : new(from, taken, to);

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

    /// <summary>The way of a picture into the result; all but the last three as the picture lies, before it is turned.</summary>
    /// <param name="TakenWidth">How much of its middle is taken.</param>
    /// <param name="FilledWidth">How many pixels of the result that fills.</param>
    /// <param name="Start">Which pixel of the result is the first.</param>
    /// <param name="Across">How far it is to the next one of a row.</param>
    /// <param name="Down">How far it is to the next one of a column.</param>
    private readonly record struct Way(float TakenWidth, float TakenHeight, int FilledWidth, int FilledHeight, int Start, int Across, int Down);

    private Way WayOf(SKSizeI size, SKEncodedOrigin origin)
    {
        var isOnItsSide = origin >= SKEncodedOrigin.LeftTop;
        var (takenWidth, takenHeight, width, height) = isOnItsSide ? fit.Of(size.Height, size.Width) : fit.Of(size.Width, size.Height);
        var (start, across, down) = StepsOf(origin, width, height);
        start += (fit.Height - height) / 2 * fit.Width + (fit.Width - width) / 2;
        return isOnItsSide
            ? new(takenHeight, takenWidth, height, width, start, across, down)
            : new(takenWidth, takenHeight, width, height, start, across, down);
    }

    /// <summary>Within the part of the result that is filled. Source: EXIF 2.32, Orientation.</summary>
    private (int Start, int Across, int Down) StepsOf(SKEncodedOrigin origin, int width, int height)
    {
        var (right, bottom, row) = (width - 1, (height - 1) * fit.Width, fit.Width);
        return origin switch
        {
            SKEncodedOrigin.TopRight => (right, -1, row),
            SKEncodedOrigin.BottomRight => (bottom + right, -1, -row),
            SKEncodedOrigin.BottomLeft => (bottom, 1, -row),
            SKEncodedOrigin.LeftTop => (0, row, 1),
            SKEncodedOrigin.RightTop => (right, row, -1),
            SKEncodedOrigin.RightBottom => (bottom + right, -row, -1),
            SKEncodedOrigin.LeftBottom => (bottom, -row, 1),
            _ => (0, 1, row),
        };
    }
}
