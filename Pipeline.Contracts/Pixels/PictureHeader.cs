using System.Buffers.Binary;

namespace Pipeline.Contracts.Pixels;

/// <summary>
/// What the first bytes of a picture's file say: its format, and how large it is. Enough to refuse what nobody should decode, without the
/// decoder: services that only pass pictures on need none.
/// </summary>
/// <remarks>
/// Sources: ITU T.81 B.1 (JPEG), the PNG specification 5.2, RFC 9649 (WebP), the GIF89a specification, Microsoft's BITMAPINFOHEADER.
/// </remarks>
public static class PictureHeader
{
    private const int PngHeaderBytes = 24, GifHeaderBytes = 10, BmpHeaderBytes = 26, WebPHeaderBytes = 25, LongWebPHeaderBytes = 30;

    /// <summary>Null where it is no picture, or none that is read.</summary>
    public static PictureFormat? FormatOf(ReadOnlySpan<byte> file) => file switch
    {
        [0xFF, 0xD8, 0xFF, ..] => PictureFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => PictureFormat.Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => PictureFormat.WebP,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => PictureFormat.Gif,
        [(byte)'B', (byte)'M', ..] => PictureFormat.Bmp,
        _ => null,
    };

    /// <summary>Names a picture that is known but not read, so that its sender learns more than that it is none.</summary>
    public static string? UnreadableFormatOf(ReadOnlySpan<byte> file) => file switch
    {
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "TIFF",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "HEIF or AVIF",
        _ => null,
    };

    /// <summary>Null where the header is not whole, or not one.</summary>
    public static (long Width, long Height)? SizeOf(PictureFormat format, ReadOnlySpan<byte> file) => format switch
    {
        PictureFormat.Jpeg => JpegSize(file),
        PictureFormat.Png when file.Length >= PngHeaderBytes && file.Slice(12, 4).SequenceEqual("IHDR"u8) =>
            (BinaryPrimitives.ReadUInt32BigEndian(file[16..]), BinaryPrimitives.ReadUInt32BigEndian(file[20..])),
        PictureFormat.WebP when file.Length >= WebPHeaderBytes => WebPSize(file),
        PictureFormat.Gif when file.Length >= GifHeaderBytes => (UInt16(file, 6), UInt16(file, 8)),
        PictureFormat.Bmp when file.Length >= BmpHeaderBytes => BmpSize(file),
        _ => null,
    };

    /// <summary>Goes from segment to segment up to the frame header.</summary>
    private static (long, long)? JpegSize(ReadOnlySpan<byte> file)
    {
        var at = 2;                                          // behind "start of image"
        while (true)
        {
            var marker = at < file.Length ? file[at..].IndexOf((byte)0xFF) : -1;
            var code = marker < 0 ? -1 : file[(at + marker)..].IndexOfAnyExcept((byte)0xFF);
            if (code < 0)
            {
                return null;
            }

            at += marker + code + 1;
            switch (file[at - 1])
            {
                case 0x00 or 0x01 or (>= 0xD0 and <= 0xD8):  // stands alone
                    break;
                case 0xD9 or 0xDA:                           // the end, or pixels before any frame
                    return null;
                case (>= 0xC0 and <= 0xCF) and not (0xC4 or 0xC8 or 0xCC):
                    return file.Length < at + 7
                        ? null
                        : (BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 3)..]));
                default:
                    if (file.Length < at + 2)
                    {
                        return null;
                    }

                    at += BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
                    break;
            }
        }
    }

    private static (long, long)? WebPSize(ReadOnlySpan<byte> file)
    {
        var kind = file.Slice(12, 4);
        if (kind.SequenceEqual("VP8L"u8))
        {
            return ((UInt32(file, 21) & 0x3FFF) + 1, (UInt32(file, 21) >> 14 & 0x3FFF) + 1);
        }

        if (file.Length < LongWebPHeaderBytes)
        {
            return null;
        }

        if (kind.SequenceEqual("VP8X"u8))
        {
            return ((UInt32(file, 24) & 0xFF_FFFF) + 1, (UInt32(file, 26) >> 8) + 1);
        }

        return kind.SequenceEqual("VP8 "u8) ? (UInt16(file, 26) & 0x3FFF, UInt16(file, 28) & 0x3FFF) : null;
    }

    /// <summary>The oldest header has 16 bits for each; in the later ones a height below 0 says that the rows go downwards.</summary>
    private static (long, long)? BmpSize(ReadOnlySpan<byte> file) => UInt32(file, 14) == 12
        ? (UInt16(file, 18), UInt16(file, 20))
        : ((int)UInt32(file, 18), Math.Abs((long)(int)UInt32(file, 22)));

    private static int UInt16(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file[at..]);

    private static uint UInt32(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file[at..]);
}
