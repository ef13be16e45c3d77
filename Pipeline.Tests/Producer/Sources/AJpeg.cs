using System.Buffers.Binary;
using Pipeline.Tests.Support;
using SkiaSharp;

namespace Pipeline.Tests.Producer.Sources;

/// <summary>Files that differ from each other.</summary>
internal static class AJpeg
{
    /// <param name="number">0 to 15; makes its width, and so the file, another one.</param>
    public static byte[] Of(int number) => APicture.Encode(APicture.Quarters(32 + 8 * number, 48), SKEncodedImageFormat.Jpeg, quality: 80);

    /// <summary>With its number behind the picture, where no decoder looks.</summary>
    public static byte[] Numbered(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return [.. Of(number % 16), .. bytes];
    }

    /// <summary>Of a file that has one.</summary>
    public static int NumberOf(ReadOnlySpan<byte> numbered) => BinaryPrimitives.ReadInt32LittleEndian(numbered[^sizeof(int)..]);
}
