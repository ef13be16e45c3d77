using System.Buffers.Binary;
using System.IO.Compression;

namespace Pipeline.Contracts.Pixels;

/// <summary>Writes a picture as an 8-bit RGB PNG.</summary>
public static class PngWriter
{
    /// <summary>Rows unfiltered, compressed fast: small pictures gain nothing from more.</summary>
    public static byte[] Write(Rgb24 image) => Write(image, PngFilters.None, CompressionLevel.Fastest);

    /// <summary>For files that are kept: each pixel as the difference from its left neighbour, compressed as far as it goes.</summary>
    public static byte[] WriteCompact(Rgb24 image) => Write(image, PngFilters.Sub, CompressionLevel.SmallestSize);

    private static byte[] Write(Rgb24 image, byte filter, CompressionLevel level)
    {
        var rowBytes = image.Width * Rgb24.BytesPerPixel;
        ArgumentOutOfRangeException.ThrowIfNotEqual(image.Data.Length, image.Height * rowBytes, nameof(image));

        using var file = new MemoryStream();
        file.Write(PngFormat.Signature);

        Span<byte> header = stackalloc byte[PngFormat.IhdrBytes];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        (header[8], header[9]) = (8, PngFormat.Rgb);
        WriteChunk(file, PngFormat.Ihdr, header);

        using var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, level, leaveOpen: true))
        {
            var line = new byte[rowBytes];
            for (var y = 0; y < image.Height; y++)
            {
                image.Data.Span.Slice(y * rowBytes, rowBytes).CopyTo(line);
                for (var i = rowBytes - 1; filter == PngFilters.Sub && i >= Rgb24.BytesPerPixel; i--)
                {
                    line[i] -= line[i - Rgb24.BytesPerPixel];
                }

                zlib.WriteByte(filter);
                zlib.Write(line);
            }
        }
        WriteChunk(file, PngFormat.Idat, pixels.GetBuffer().AsSpan(0, (int)pixels.Length));
        WriteChunk(file, PngFormat.Iend, []);
        return file.ToArray();
    }

    private static void WriteChunk(MemoryStream file, uint type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        BinaryPrimitives.WriteUInt32BigEndian(number, type);
        file.Write(number);
        var crc = PngFormat.Crc(PngFormat.Crc(0, number), data);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc);
        file.Write(number);
    }
}
