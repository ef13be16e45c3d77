using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using SkiaSharp;

namespace Pipeline.Tests.Support;

/// <summary>Files as cameras send them, and what is in them, by Skia.</summary>
internal static class APicture
{
    public static byte[] Png(Picture raw) => Encode(raw, SKEncodedImageFormat.Png);

    public static byte[] Encode(Picture raw, SKEncodedImageFormat format, int quality = 100)
    {
        using var bitmap = Bitmap(raw);
        using var file = bitmap.Encode(format, quality);
        return file.ToArray();
    }

    public static Rgb24 Plain(int width, int height, SKColor colour) =>
        new(width, height, Enumerable.Repeat(new[] { colour.Red, colour.Green, colour.Blue }, width * height).SelectMany(sample => sample).ToArray());

    /// <summary>Four colours, a quarter of the picture each.</summary>
    public static Rgb24 Quarters(int width, int height)
    {
        var pixels =
            from y in Enumerable.Range(0, height)
            from x in Enumerable.Range(0, width)
            let colour = QuarterColours[(2 * y < height ? 0 : 2) + (2 * x < width ? 0 : 1)]
            from sample in new[] { colour.Red, colour.Green, colour.Blue }
            select sample;
        return new Rgb24(width, height, pixels.ToArray());
    }

    /// <summary>Of the upper left, upper right, lower left and lower right.</summary>
    public static SKColor[] QuarterColours { get; } = [new(200, 40, 40), new(40, 160, 40), new(40, 40, 200), new(220, 220, 220)];

    /// <summary>The same image with its picture as a PNG file, which JSON can hold.</summary>
    public static CapturedImage AsPng(this CapturedImage image) => image with { Picture = Read(Png(image.Picture)) };

    public static Picture Read(byte[] file)
    {
        Assert.True(Picture.Read(file).IsRead(out var picture, out var problem), problem?.Text);
        return picture;
    }

    /// <summary>RGB24 of a file.</summary>
    public static Rgb24 Pixels(byte[] file)
    {
        using var bitmap = SKBitmap.Decode(file);
        Assert.NotNull(bitmap);
        return new Rgb24(bitmap.Width, bitmap.Height, bitmap.Pixels.SelectMany(pixel => new[] { pixel.Red, pixel.Green, pixel.Blue }).ToArray());
    }

    private static SKBitmap Bitmap(Picture raw)
    {
        var bitmap = new SKBitmap(new SKImageInfo(raw.Width, raw.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var rgb = raw.Data.ToArray();
        bitmap.Pixels = [.. rgb.Chunk(Rgb24.BytesPerPixel).Select(pixel => new SKColor(pixel[0], pixel[1], pixel[2]))];
        return bitmap;
    }
}
