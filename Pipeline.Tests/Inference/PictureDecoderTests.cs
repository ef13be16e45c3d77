using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.Inference;
using Pipeline.Tests.Contracts;
using Pipeline.Tests.Support;
using SkiaSharp;

namespace Pipeline.Tests.Inference;

public sealed class PictureDecoderTests : IDisposable
{
    private const int Side = 32;

    private readonly PictureDecoder _decoder = new(new PictureFit(Side, Side));

    [Theory]
    [InlineData("rgb-none.png")]
    [InlineData("rgb-sub.png")]
    [InlineData("rgb-up.png")]
    [InlineData("rgb-average.png")]
    [InlineData("rgb-paeth.png")]
    [InlineData("rgb-many-idat.png")]
    [InlineData("rgb-pillow.png")]
    public void A_file_of_the_models_size_gives_its_very_pixels(string name) => Assert.Equal(Vectors.Colours, Decoded(Vectors.Read(name)));

    [Theory]
    [InlineData("grey.png")]
    [InlineData("grey-pillow.png")]
    public void Grey_becomes_three_equal_samples(string name) => Assert.Equal(Vectors.Greys, Decoded(Vectors.Read(name)));

    [Fact]
    public void A_palette_is_looked_up() => Assert.Equal(Vectors.PaletteColours, Decoded(Vectors.Read("palette.png")));

    [Theory]
    [InlineData("rgba.png")]
    [InlineData("rgba-pillow.png")]
    public void What_is_transparent_is_white(string name)
    {
        var decoded = Decoded(Vectors.Read(name));

        for (var i = 0; i < decoded.Length; i++)
        {
            var (x, y) = (i / 3 % Side, i / 3 / Side);
            var alpha = (x * y & 255) / 255.0;
            Assert.InRange(decoded[i], Vectors.Colours[i] * alpha + 255 * (1 - alpha) - 1.5, Vectors.Colours[i] * alpha + 255 * (1 - alpha) + 1.5);
        }
    }

    public static TheoryData<string, byte[]> Quarters => new()
    {
        { "JPEG", APicture.Encode(APicture.Quarters(64, 48), SKEncodedImageFormat.Jpeg) },
        { "PNG", APicture.Png(APicture.Quarters(64, 48)) },
        { "WebP", APicture.Encode(APicture.Quarters(64, 48), SKEncodedImageFormat.Webp) },
        { "WebP with losses", APicture.Encode(APicture.Quarters(64, 48), SKEncodedImageFormat.Webp, quality: 90) },
        { "GIF", PictureFile.Gif(APicture.Quarters(64, 48)) },
        { "GIF of two frames, the first", PictureFile.Gif(APicture.Quarters(64, 48), new Rgb24(64, 48, new byte[64 * 48 * 3])) },
        { "BMP", PictureFile.Bmp(APicture.Quarters(64, 48)) },
        { "a wide JPEG", APicture.Encode(APicture.Quarters(640, 20), SKEncodedImageFormat.Jpeg) },
        { "a high PNG", APicture.Png(APicture.Quarters(10, 500)) },
        { "a JPEG of 12 megapixels", APicture.Encode(APicture.Quarters(4000, 3000), SKEncodedImageFormat.Jpeg, quality: 80) },
        { "2x2, interlaced", PictureFile.Png(2, 2, 8, 2, [0, 200, 40, 40, 0, 40, 160, 40, 0, 40, 40, 200, 220, 220, 220], isInterlaced: true) },
        { "2x2, 16 bits a sample",
            PictureFile.Png(2, 2, 16, 2, [0, 200, 1, 40, 2, 40, 3, 40, 4, 160, 5, 40, 6, 0, 40, 7, 40, 8, 200, 9, 220, 1, 220, 2, 220, 3]) },
        { "2x2, two bits of a palette", PictureFile.Png(2, 2, 2, 3, [0, 0b0001_0000, 0, 0b1011_0000],
            chunks: ("PLTE", [200, 40, 40, 40, 160, 40, 40, 40, 200, 220, 220, 220])) },
    };

    [Theory]
    [MemberData(nameof(Quarters))]
    public void A_picture_of_any_format_and_size_fills_the_models(string what, byte[] file) => AssertQuarters(what, Decoded(file), [0, 1, 2, 3]);

    [Fact]
    public void Raw_pixels_of_another_size_are_fitted_too() =>
        AssertQuarters("RGB24", Decoded(APicture.Quarters(100, 60)), [0, 1, 2, 3]);

    [Theory]
    [InlineData(1, new[] { 0, 1, 2, 3 })]
    [InlineData(2, new[] { 1, 0, 3, 2 })]
    [InlineData(3, new[] { 3, 2, 1, 0 })]
    [InlineData(4, new[] { 2, 3, 0, 1 })]
    [InlineData(5, new[] { 0, 2, 1, 3 })]
    [InlineData(6, new[] { 2, 0, 3, 1 })]
    [InlineData(7, new[] { 3, 1, 2, 0 })]
    [InlineData(8, new[] { 1, 3, 0, 2 })]
    public void A_picture_is_turned_as_its_camera_was_held(byte orientation, int[] quarters)
    {
        foreach (var (width, height) in new[] { (640, 480), (Side, Side) })
        {
            var jpeg = PictureFile.Turned(APicture.Encode(APicture.Quarters(width, height), SKEncodedImageFormat.Jpeg), orientation);
            AssertQuarters($"{width}x{height}, orientation {orientation}", Decoded(jpeg), quarters);
        }
    }

    [Theory]
    [InlineData(1f, 96, 32, 32)]                             // of a wide picture all rows and the columns in the middle
    [InlineData(0.5f, 64, 16, 32)]
    [InlineData(1f, 32, 96, 32)]
    public void Of_a_picture_that_is_cropped_the_middle_is_taken(float share, int width, int height, int side)
    {
        // Grey but for a square in the middle, of which the crop is to see nothing else.
        var kept = (int)(Math.Min(width, height) * share);
        bool IsKept(int at, int length) => Math.Abs(at - (length - 1) / 2f) < kept / 2f;
        var pixels = Enumerable.Range(0, width * height)
            .SelectMany(pixel => IsKept(pixel % width, width) && IsKept(pixel / width, height) ? new byte[] { 200, 40, 40 } : [128, 128, 128])
                .ToArray();
        using var decoder = new PictureDecoder(new PictureFit(side, side, ResizeRule.Crop, share));

        var rgb = Decoded(new Rgb24(width, height, pixels), decoder, side * side);

        Assert.All([0, side / 2, side * side / 2 + side / 2, side * side - 1],
            at => Assert.InRange(rgb[3 * at], at == side * side / 2 + side / 2 ? 199 : 150, 200));
    }

    [Theory]
    [InlineData(64, 32, 1)]
    [InlineData(32, 64, 6)]                                  // the same, of a camera that was held on its side
    public void A_picture_in_a_letterbox_keeps_its_shape_between_black(int width, int height, byte orientation)
    {
        using var decoder = new PictureDecoder(new PictureFit(Side, Side, ResizeRule.Letterbox));
        var jpeg = APicture.Read(
            PictureFile.Turned(APicture.Encode(APicture.Plain(width, height, new(200, 40, 40)), SKEncodedImageFormat.Jpeg), orientation));

        var rgb = Decoded(jpeg, decoder, Side * Side);

        for (var y = 0; y < Side; y++)
        {
            var isPicture = y is >= Side / 4 and < 3 * Side / 4;
            Assert.All([0, Side / 2, Side - 1], x => Assert.InRange(rgb[3 * (y * Side + x)], isPicture ? 190 : 0, isPicture ? 210 : 0));
        }
    }

    [Fact]
    public void A_single_pixel_fills_all()
    {
        var decoded = Decoded(APicture.Png(new Rgb24(1, 1, new byte[] { 10, 20, 30 })));

        Assert.Equal(new HashSet<string> { "0A141E" }, decoded.Chunk(3).Select(Convert.ToHexString).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Quarters))]
    public void Half_a_file_is_refused_and_the_next_one_read(string what, byte[] file)
    {
        if (what.StartsWith("GIF of two", StringComparison.Ordinal))
        {
            return;                                          // its first frame is whole
        }

        var half = APicture.Read(file[..Math.Max(file.Length / 2, file.Length - 40)]);

        Assert.False(_decoder.TryDecode(half, new byte[Side * Side * 3], out var problem), what);
        Assert.True(problem.Kind is ProblemKind.BrokenPng or ProblemKind.BrokenPicture, problem.ToString());
        Assert.Contains(half.Format.Name(), problem.Text, StringComparison.Ordinal);
        A_palette_is_looked_up();
    }

    [Theory]
    [MemberData(nameof(Quarters))]
    public void No_flipped_bits_crash_the_decoder(string what, byte[] file)
    {
        var random = new Random(5);
        for (var round = 0; round < (file.Length < 20_000 ? 300 : 10); round++)
        {
            var damaged = (byte[])file.Clone();
            for (var flip = 0; flip < 3; flip++)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }

            if (Picture.Read(damaged).IsRead(out var picture, out _) && !_decoder.TryDecode(picture, new byte[Side * Side * 3], out var problem))
            {
                Assert.True(problem.Kind is ProblemKind.BrokenPng or ProblemKind.BrokenPicture or ProblemKind.WrongSize, $"{what}: {problem}");
            }
        }
    }

    private byte[] Decoded(byte[] file) => Decoded(APicture.Read(file));

    private byte[] Decoded(Picture picture) => Decoded(picture, _decoder, Side * Side);

    private static byte[] Decoded(Picture picture, PictureDecoder decoder, int pixels)
    {
        var rgb = new byte[pixels * 3];
        Assert.True(decoder.TryDecode(picture, rgb, out var problem), problem?.ToString());
        return rgb;
    }

    /// <summary>Looks at the middle of each quarter: JPEG blurs where they meet.</summary>
    private static void AssertQuarters(string what, byte[] rgb, int[] expected)
    {
        foreach (var (quarter, colour) in expected.Index())
        {
            var at = 3 * ((quarter / 2 == 0 ? 4 : 27) * Side + (quarter % 2 == 0 ? 4 : 27));
            var (red, green, blue) = (rgb[at], rgb[at + 1], rgb[at + 2]);
            var wanted = APicture.QuarterColours[colour];
            Assert.True(Math.Abs(red - wanted.Red) + Math.Abs(green - wanted.Green) + Math.Abs(blue - wanted.Blue) < 25,
                $"{what}: quarter {quarter} is {red},{green},{blue} and not {wanted}");
        }
    }

    public void Dispose() => _decoder.Dispose();
}
