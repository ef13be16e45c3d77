using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Tests.Contracts;

public class PngTests
{
    [Theory]
    [InlineData("rgb-none.png")]
    [InlineData("rgb-sub.png")]
    [InlineData("rgb-up.png")]
    [InlineData("rgb-average.png")]
    [InlineData("rgb-paeth.png")]
    [InlineData("rgb-many-idat.png")]
    [InlineData("rgb-pillow.png")]
    [InlineData("rgba.png")]
    [InlineData("rgba-pillow.png")]
    public void Every_filter_and_both_colour_layouts_give_the_same_pixels(string name) => Assert.Equal(Vectors.Colours, Pixels(name));

    [Theory]
    [InlineData("grey.png")]
    [InlineData("grey-alpha.png")]
    [InlineData("grey-pillow.png")]
    public void Grey_becomes_three_equal_samples(string name) => Assert.Equal(Vectors.Greys, Pixels(name));

    [Fact]
    public void A_palette_is_looked_up() => Assert.Equal(Vectors.PaletteColours, Pixels("palette.png"));

    [Fact]
    public void What_is_written_is_read_back()
    {
        var random = new Random(7);
        for (var round = 0; round < 50; round++)
        {
            var pixels = new byte[Rgb24.ImageBytes];
            random.NextBytes(pixels.AsSpan(0, random.Next(pixels.Length)));

            var read = PngReader.ReadImage(PngWriter.Write(new Rgb24(32, 32, pixels)));

            Assert.True(read.IsRead(out var image, out _));
            Assert.Equal(pixels, image.Data.ToArray());
        }
    }

    [Theory]
    [InlineData("rgb-many-idat.png")]
    [InlineData("rgb-paeth.png")]
    [InlineData("palette.png")]
    public void Every_truncation_is_refused(string name)
    {
        var png = Vectors.Read(name);
        for (var length = 0; length < png.Length; length++)
        {
            Assert.False(PngReader.ReadImage(png.AsMemory(0, length)).IsRead(out _, out _), $"{length} of {png.Length} bytes were read as an image");
        }
    }

    [Theory]
    [InlineData("rgb-sub.png")]
    [InlineData("palette.png")]
    [InlineData("grey-alpha.png")]
    public void Every_flipped_bit_is_refused(string name)
    {
        var png = Vectors.Read(name);
        for (var bit = 0; bit < png.Length * 8; bit++)
        {
            png[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(PngReader.ReadImage(png).IsRead(out _, out _), $"bit {bit} was flipped and nobody noticed");
            png[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Fact]
    public void A_picture_of_another_size_is_refused_before_its_pixels_are_read()
    {
        Assert.Equal(ProblemKind.WrongSize, ProblemOf(PngWriter.Write(new Rgb24(64, 16, new byte[64 * 16 * 3]))).Kind);
        Assert.Equal(ProblemKind.WrongSize, ProblemOf(PngWriter.Write(new Rgb24(16, 32, new byte[16 * 32 * 3]))).Kind);
    }

    [Fact]
    public void Sixteen_bit_samples_and_interlacing_are_named_as_unsupported()
    {
        Assert.Contains("8 bits", ProblemOf(WithHeaderByte(24, 16)).Text, StringComparison.Ordinal);
        Assert.Contains("interlaced", ProblemOf(WithHeaderByte(28, 1)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sheet_is_read_row_by_row()
    {
        var pixels = new byte[1024 * 40 * 3];
        new Random(3).NextBytes(pixels);
        using var file = new MemoryStream(PngWriter.WriteCompact(new Rgb24(1024, 40, pixels)));
        using var reader = new PngReader(file, maxWidth: 1024, maxHeight: 10_000);
        var row = new byte[1024 * 3];

        for (var y = 0; y < reader.Height; y++)
        {
            reader.ReadRow(row);
            Assert.True(pixels.AsSpan(y * row.Length, row.Length).SequenceEqual(row));
        }

        reader.ReadEnd();
    }

    private static byte[] Pixels(string name)
    {
        Assert.True(PngReader.ReadImage(Vectors.Read(name)).IsRead(out var image, out var problem), problem?.Text);
        return image.Data.ToArray();
    }

    private static Problem ProblemOf(byte[] png)
    {
        Assert.False(PngReader.ReadImage(png).IsRead(out _, out var problem));
        return problem;
    }

    /// <summary>A valid header but for one value, with the CRC put right.</summary>
    private static byte[] WithHeaderByte(int index, byte value)
    {
        var png = Vectors.Read("rgb-none.png");
        png[index] = value;
        var crc = uint.MaxValue;
        foreach (var b in png.AsSpan(12, 17))
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }
        }
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), ~crc);
        return png;
    }
}
