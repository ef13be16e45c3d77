using Pipeline.Contracts.Pixels;
using SkiaSharp;

namespace Pipeline.Producer;

/// <summary>Many pictures in one PNG, a row each. The only file that knows Skia.</summary>
internal static class PictureSheet
{
    /// <summary>The rows as RGB24.</summary>
    /// <exception cref="InvalidDataException">It is no whole picture of this size.</exception>
    public static byte[] Read(string path, int width, int height)
    {
        using var file = File.OpenRead(path);
        using var codec = SKCodec.Create(file) ?? throw new InvalidDataException($"{path} is no picture");
        if (codec.Info.Width != width || codec.Info.Height != height)
        {
            throw new InvalidDataException(
                $"for {height} labels the sheet has {width}x{height} pixels, and this one {codec.Info.Width}x{codec.Info.Height}");
        }

        using var sheet = new SKBitmap(InfoOf(width, height));
        if (codec.GetPixels(sheet.Info, sheet.GetPixels()) is not SKCodecResult.Success and var broken)
        {
            throw new InvalidDataException($"the PNG {path} is broken ({broken})");
        }

        var rgb = new byte[width * height * Rgb24.BytesPerPixel];
        var rgba = sheet.GetPixelSpan();
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            rgba.Slice(from, 3).CopyTo(rgb.AsSpan(to));
        }

        return rgb;
    }

    /// <summary>For files that are kept: each pixel as the difference from its left neighbour, compressed as far as it goes.</summary>
    public static void Write(string path, int width, int height, ReadOnlySpan<byte> rgb)
    {
        var rgba = new byte[width * height * 4];
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            rgb.Slice(from, 3).CopyTo(rgba.AsSpan(to));
            rgba[to + 3] = 255;
        }

        using var image = SKImage.FromPixelCopy(InfoOf(width, height), rgba);
        using var pixels = image.PeekPixels();
        using var file = File.Create(path);
        pixels.Encode(file, new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, zLibLevel: 9));
    }

    private static SKImageInfo InfoOf(int width, int height) => new(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
}
