using Pipeline.Tests.Support;
using SkiaSharp;

namespace Pipeline.Tests.Producer.Sources;

/// <summary>Files that differ from each other.</summary>
internal static class AJpeg
{
    /// <param name="number">Makes its width, and so the file, another one.</param>
    public static byte[] Of(int number) => APicture.Encode(APicture.Quarters(32 + 8 * (number % 16), 48), SKEncodedImageFormat.Jpeg, quality: 80);
}
