using Pipeline.Contracts.Pixels;
using Pipeline.Contracts.Stored;
using SkiaSharp;

namespace Pipeline.Analytics;

/// <summary>A stored picture as a PNG, which every browser shows and every tool reads. The only file that knows Skia.</summary>
internal static class ShownPicture
{
    /// <summary>Pixels of the longer side; a PNG is shown as it came, others of a camera's full size would take megabytes.</summary>
    public const int MaxSide = 1024;

    /// <summary>Null where there is no picture, or none that could be shown. Others may write to the store, so nothing is taken for granted.</summary>
    public static byte[]? PngOf(StoredPicture? stored)
    {
        if (stored?.Data is not { } data)
        {
            return null;
        }

        if (stored.Format == PictureFormat.Rgb24.Name())
        {
            return stored is { Width: > 0 and var width, Height: > 0 and var height } && data.Length == (long)width * height * Rgb24.BytesPerPixel
                ? PngOf(width, height, data)
                : null;
        }

        return Picture.Read(data).IsRead(out var picture, out _) && picture.Format.Name() == stored.Format
            ? picture.Format == PictureFormat.Png ? data : PngOf(data)
            : null;
    }

    private static byte[] PngOf(int width, int height, byte[] rgb)
    {
        var rgba = new byte[width * height * 4];
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            rgb.AsSpan(from, 3).CopyTo(rgba.AsSpan(to));
            rgba[to + 3] = 255;
        }

        using var image = SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), rgba);
        return Encode(image);
    }

    /// <summary>Upright, as its camera says.</summary>
    private static byte[]? PngOf(byte[] file)
    {
        using var image = SKImage.FromEncodedData(file);
        if (image is null)
        {
            return null;
        }

        var scale = Math.Min(1, (float)MaxSide / Math.Max(image.Width, image.Height));
        using var surface = SKSurface.Create(new SKImageInfo(Side(image.Width), Side(image.Height), SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb()));
        surface.Canvas.DrawImage(image, SKRect.Create(Side(image.Width), Side(image.Height)), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var shown = surface.Snapshot();
        return Encode(shown);

        int Side(int pixels) => Math.Max(1, (int)(pixels * scale));
    }

    private static byte[] Encode(SKImage image)
    {
        using var png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }
}
