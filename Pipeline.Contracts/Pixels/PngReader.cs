using System.Buffers.Binary;
using System.IO.Compression;

namespace Pipeline.Contracts.Pixels;

/// <summary>
/// Reads a PNG row by row as RGB24, so that a sheet of 10,000 pictures needs the memory of two rows.
/// Eight bits a sample, not interlaced: RGB, RGBA, grey, grey with alpha, palette. Alpha is dropped, not blended.
/// </summary>
/// <remarks>Every member throws <see cref="PngException"/> for a file it cannot read. Source: PngFormat.</remarks>
public sealed class PngReader : IDisposable
{
    private readonly PngChunks _chunks;
    private readonly ZLibStream _pixels;
    private readonly byte _colourType;
    private readonly byte[] _palette = new byte[256 * 3];
    private readonly int _paletteCount;
    private readonly int _samples;      // bytes a pixel in the file
    private byte[] _line;               // filter type, then the row's bytes
    private byte[] _previous;
    private int _row;

    /// <summary>Reads up to the first pixel.</summary>
    /// <param name="file">Read forward only; left open.</param>
    /// <param name="maxWidth">Widest picture to accept, in pixels: two rows are allocated.</param>
    /// <param name="maxHeight">Highest picture to accept.</param>
    public PngReader(Stream file, int maxWidth, int maxHeight)
    {
        _chunks = new PngChunks(file);
        _chunks.ReadSignature();
        (Width, Height, _colourType) = ReadHeader(_chunks);
        if (Width > maxWidth || Height > maxHeight)
        {
            throw new PngException(new Problem(ProblemKind.WrongSize, $"at most {maxWidth}x{maxHeight} pixels are expected, and the PNG says {Width}x{Height}"));
        }

        _paletteCount = ReadUpToPixels(_chunks, _palette);
        if (_colourType == PngFormat.Palette && _paletteCount == 0)
        {
            throw PngException.Broken("its palette is missing");
        }

        _samples = SamplesPerPixel(_colourType);
        _line = new byte[1 + Width * _samples];
        _previous = new byte[1 + Width * _samples];
        _pixels = new ZLibStream(_chunks, CompressionMode.Decompress);
    }

    /// <summary>Pixels.</summary>
    public int Width { get; }

    /// <inheritdoc cref="Width"/>
    public int Height { get; }

    /// <summary>Reads a camera image, which has one size.</summary>
    public static Parsed<Rgb24> ReadImage(ReadOnlyMemory<byte> png)
    {
        const int rowBytes = Rgb24.ImageWidth * Rgb24.BytesPerPixel;
        try
        {
            using var reader = new PngReader(new MemoryReader(png), Rgb24.ImageWidth, Rgb24.ImageHeight);
            if (reader.Width != Rgb24.ImageWidth || reader.Height != Rgb24.ImageHeight)
            {
                return Rgb24.WrongSize(reader.Width, reader.Height);
            }

            var data = new byte[Rgb24.ImageBytes];
            for (var y = 0; y < Rgb24.ImageHeight; y++)
            {
                reader.ReadRow(data.AsSpan(y * rowBytes, rowBytes));
            }

            reader.ReadEnd();
            return new Rgb24(Rgb24.ImageWidth, Rgb24.ImageHeight, data);
        }
        catch (PngException refused)
        {
            return refused.Problem;
        }
    }

    /// <summary>Reads the next row as RGB24.</summary>
    /// <param name="rgb">Exactly width x 3 bytes.</param>
    public void ReadRow(Span<byte> rgb)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rgb.Length, Width * Rgb24.BytesPerPixel);
        if (_row == Height)
        {
            throw new InvalidOperationException("every row has been read");
        }

        Inflate(_line);
        PngFilters.Undo(_line[0], _line.AsSpan(1), _previous.AsSpan(1), _samples);
        ToRgb(_line.AsSpan(1), rgb);
        (_line, _previous) = (_previous, _line);
        _row++;
    }

    /// <summary>Reads what follows the last row, so that damage there is found too.</summary>
    public void ReadEnd()
    {
        Span<byte> more = stackalloc byte[1];
        try
        {
            if (_pixels.Read(more) != 0)
            {
                throw PngException.Broken("it holds more pixels than its header says");
            }
        }
        catch (InvalidDataException broken)
        {
            throw PngException.Broken("its pixels cannot be decompressed", broken);
        }
        while (_chunks.Type == PngFormat.Idat)              // the decompressor may have stopped short of the last chunk's CRC
        {
            _chunks.Skip();
            _chunks.Next();
        }
        for (; _chunks.Type != PngFormat.Iend; _chunks.Next())
        {
            RefuseCritical(_chunks.Type);
            _chunks.Skip();
        }
        _chunks.Skip();
    }

    public void Dispose()
    {
        _pixels.Dispose();
        _chunks.Dispose();
    }

    private void Inflate(Span<byte> row)
    {
        try
        {
            if (_pixels.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
            {
                throw PngException.Broken($"it holds {_row} rows of pixels where its header says {Height}");
            }
        }
        catch (InvalidDataException broken)
        {
            throw PngException.Broken("its pixels cannot be decompressed", broken);
        }
    }

    private void ToRgb(ReadOnlySpan<byte> line, Span<byte> rgb)
    {
        switch (_colourType)
        {
            case PngFormat.Rgb:
                line.CopyTo(rgb);
                break;
            case PngFormat.Palette:
                for (var x = 0; x < line.Length; x++)
                {
                    if (line[x] >= _paletteCount)
                    {
                        throw PngException.Broken($"a pixel has colour {line[x]} of a palette of {_paletteCount}");
                    }

                    _palette.AsSpan(line[x] * 3, 3).CopyTo(rgb[(x * 3)..]);
                }
                break;
            case PngFormat.Rgba:
                for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
                {
                    line.Slice(from, 3).CopyTo(rgb[to..]);
                }

                break;
            default:                                        // grey, with or without alpha
                for (int from = 0, to = 0; to < rgb.Length; from += _samples, to += 3)
                {
                    rgb.Slice(to, 3).Fill(line[from]);
                }

                break;
        }
    }

    private static (int Width, int Height, byte ColourType) ReadHeader(PngChunks chunks)
    {
        chunks.Next();
        if (chunks.Type != PngFormat.Ihdr || chunks.DataBytes != PngFormat.IhdrBytes)
        {
            throw PngException.Broken("its first chunk is not a header");
        }

        Span<byte> header = stackalloc byte[PngFormat.IhdrBytes];
        chunks.ReadData(header);
        var width = BinaryPrimitives.ReadInt32BigEndian(header);
        var height = BinaryPrimitives.ReadInt32BigEndian(header[4..]);
        var (depth, colourType, compression, filter, interlace) = (header[8], header[9], header[10], header[11], header[12]);
        if (width <= 0 || height <= 0)
        {
            throw PngException.Broken($"its size is {width}x{height}");
        }

        if (compression != 0 || filter != 0 || interlace > 1 || colourType is not (PngFormat.Grey or PngFormat.Rgb or PngFormat.Palette or PngFormat.GreyAlpha or PngFormat.Rgba))
        {
            throw PngException.Broken("its header holds a value that PNG does not define");
        }

        if (depth != 8)
        {
            throw PngException.Unsupported($"a PNG with 8 bits a sample is expected, and this one has {depth}");
        }

        if (interlace != 0)
        {
            throw PngException.Unsupported("a PNG that is not interlaced is expected, and this one is");
        }

        return (width, height, colourType);
    }

    /// <summary>Stops at the first IDAT chunk.</summary>
    /// <returns>Colours in the palette, 0 when there is none.</returns>
    private static int ReadUpToPixels(PngChunks chunks, Span<byte> palette)
    {
        var colours = 0;
        while (true)
        {
            chunks.Next();
            if (chunks.Type == PngFormat.Idat)
            {
                return colours;
            }

            if (chunks.Type != PngFormat.Plte)
            {
                RefuseCritical(chunks.Type);
                chunks.Skip();
                continue;
            }
            if (colours != 0 || chunks.DataBytes == 0 || chunks.DataBytes > palette.Length || chunks.DataBytes % 3 != 0)
            {
                throw PngException.Broken("its palette is not one of 1 to 256 colours");
            }

            colours = (int)chunks.DataBytes / 3;
            chunks.ReadData(palette[..(int)chunks.DataBytes]);
        }
    }

    private static void RefuseCritical(uint type)
    {
        if ((type & PngFormat.AncillaryBit) == 0)
        {
            throw PngException.Broken("a chunk stands where it does not belong, or is none that PNG defines");
        }
    }

    private static int SamplesPerPixel(byte colourType) => colourType switch
    {
        PngFormat.Rgb => 3,
        PngFormat.Rgba => 4,
        PngFormat.GreyAlpha => 2,
        _ => 1,
    };
}
