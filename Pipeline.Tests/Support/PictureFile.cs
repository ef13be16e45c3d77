using System.Buffers.Binary;
using System.IO.Compression;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Tests.Support;

/// <summary>Files that Skia reads and does not write, byte by byte from their specifications.</summary>
internal static class PictureFile
{
    /// <summary>A PNG of any kind.</summary>
    /// <param name="lines">What is compressed: a zero before each row, or before each row of each pass.</param>
    /// <param name="chunks">Before the pixels.</param>
    public static byte[] Png(
        int width, int height, byte depth, byte colourType, byte[] lines, bool isInterlaced = false, params (string Type, byte[] Data)[] chunks)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(lines);
        }
        byte[] header = [.. BigEndian(width), .. BigEndian(height), depth, colourType, 0, 0, (byte)(isInterlaced ? 1 : 0)];
        return
        [
            0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. chunks.SelectMany(chunk => Chunk(chunk.Type, chunk.Data)),
            .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", []),
        ];
    }

    /// <summary>A PNG of some bytes that says it has 60000x60000 pixels.</summary>
    public static byte[] Bomb() => Png(60_000, 60_000, 8, 2, [0, 1, 2, 3]);

    /// <summary>Rows from below, blue green red, each filled up to four bytes.</summary>
    public static byte[] Bmp(Rgb24 picture)
    {
        var rowBytes = picture.Width * 3;
        var padding = new byte[-rowBytes & 3];
        byte[][] rows =
            [.. picture.Data.ToArray().Chunk(rowBytes).Select(row => (byte[])[.. row.Chunk(3).SelectMany(pixel => pixel.Reverse()), .. padding])];
        byte[] pixels = [.. rows.Reverse().SelectMany(row => row)];
        return
        [
            .. "BM"u8, .. LittleEndian(54 + pixels.Length), .. LittleEndian(0), .. LittleEndian(54),
            .. LittleEndian(40), .. LittleEndian(picture.Width), .. LittleEndian(picture.Height), 1, 0, 24, 0, .. new byte[24], .. pixels,
        ];
    }

    /// <summary>
    /// A GIF of up to four colours, with a frame for each picture; a code to begin anew after every second pixel keeps all codes at three bits.
    /// </summary>
    public static byte[] Gif(params Rgb24[] frames)
    {
        var (width, height) = ((ushort)frames[0].Width, (ushort)frames[0].Height);
        var palette = new List<string>();
        List<byte> file = [.. "GIF89a"u8, .. LittleEndian(width, height), 0x80 | 1, 0, 0];
        byte[][] indices = [.. frames.Select(frame => frame.Data.ToArray().Chunk(3).Select(pixel =>
        {
            var colour = Convert.ToHexString(pixel);
            if (!palette.Contains(colour))
            {
                palette.Add(colour);
            }
            return (byte)palette.IndexOf(colour);
        }).ToArray())];
        file.AddRange(palette.SelectMany(Convert.FromHexString).Concat(new byte[12]).Take(12));
        foreach (var frame in indices)
        {
            file.AddRange([0x2C, .. LittleEndian(0, 0, width, height), 0, 2]);
            foreach (var block in Codes(frame).Chunk(255))
            {
                file.AddRange([(byte)block.Length, .. block]);
            }
            file.Add(0);
        }
        return [.. file, 0x3B];
    }

    /// <summary>A JPEG whose EXIF says which way its camera was held.</summary>
    public static byte[] Turned(byte[] jpeg, byte orientation)
    {
        byte[] exif = [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    private static IEnumerable<byte> Codes(byte[] indices)
    {
        const int Clear = 4, End = 5;
        var (bits, count) = (0, 0);
        foreach (var code in indices.Chunk(2).SelectMany(pair => pair.Prepend((byte)Clear)).Append((byte)End))
        {
            (bits, count) = (bits | code << count, count + 3);
            for (; count >= 8; (bits, count) = (bits >> 8, count - 8))
            {
                yield return (byte)bits;
            }
        }
        yield return (byte)bits;
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] named = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
        return [.. BigEndian(data.Length), .. named, .. BigEndian((int)Crc32(named))];
    }

    /// <summary>As PNG computes it.</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }
        }
        return ~crc;
    }

    private static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] LittleEndian(int value) => [.. BigEndian(value).Reverse()];

    private static byte[] LittleEndian(params ushort[] values) => [.. values.SelectMany(value => new[] { (byte)value, (byte)(value >> 8) })];
}
