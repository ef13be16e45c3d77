using System.Buffers.Binary;

namespace Pipeline.Contracts.Pixels;

/// <summary>What reader and writer agree on. Source: the PNG specification, third edition (W3C).</summary>
internal static class PngFormat
{
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public const uint Ihdr = 0x49484452;
    public const uint Plte = 0x504C5445;
    public const uint Idat = 0x49444154;
    public const uint Iend = 0x49454E44;

    /// <summary>Bit 5 of a chunk type's first byte: a reader that does not know the chunk may skip it.</summary>
    public const uint AncillaryBit = 0x20000000;

    /// <summary>Colour types, the fifth-last byte of IHDR.</summary>
    public const byte Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, Rgba = 6;

    public const int IhdrBytes = 13;

    private static readonly uint[][] CrcTables = MakeCrcTables();

    /// <summary>CRC-32 as PNG computes it, over a chunk's type and data.</summary>
    /// <param name="crc">What the bytes so far gave; 0 to begin.</param>
    /// <remarks>Eight bytes at a time ("slicing by 8"): a sheet of 10,000 images is tens of megabytes.</remarks>
    public static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        var tables = CrcTables;
        crc = ~crc;
        while (bytes.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = tables[7][low & 0xFF] ^ tables[6][(low >> 8) & 0xFF] ^ tables[5][(low >> 16) & 0xFF] ^ tables[4][low >> 24]
                ^ tables[3][high & 0xFF] ^ tables[2][(high >> 8) & 0xFF] ^ tables[1][(high >> 16) & 0xFF] ^ tables[0][high >> 24];
            bytes = bytes[8..];
        }
        foreach (var value in bytes)
        {
            crc = tables[0][(crc ^ value) & 0xFF] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[][] MakeCrcTables()
    {
        var tables = new uint[8][];
        for (var t = 0; t < tables.Length; t++)
        {
            tables[t] = new uint[256];
            for (uint n = 0; n < 256; n++)
            {
                tables[t][n] = t == 0 ? Rotated(n) : tables[0][tables[t - 1][n] & 0xFF] ^ (tables[t - 1][n] >> 8);
            }
        }
        return tables;

        static uint Rotated(uint n)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                n = (n & 1) != 0 ? 0xEDB88320 ^ (n >> 1) : n >> 1;
            }

            return n;
        }
    }
}
