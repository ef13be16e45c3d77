using Pipeline.Producer;
using SkiaSharp;

/// <summary>Pictures as a camera would send them: test images side by side, which are harder to compress than most scenes.</summary>
internal static class PictureFiles
{
    private const int Side = 32;

    public static byte[] Jpeg(int width, int height, int quality = 80)
    {
        var pictures = Cifar10.Load(Cifar10Folders.Sample);
        var columns = (width + Side - 1) / Side;
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var pixel = pictures.Pixels((y / Side * columns + x / Side) % pictures.Count).Slice(3 * (y % Side * Side + x % Side), 3);
                bitmap.SetPixel(x, y, new SKColor(pixel[0], pixel[1], pixel[2]));
            }
        }

        using var file = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
        return file.ToArray();
    }
}
