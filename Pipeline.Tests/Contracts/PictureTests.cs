using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.Tests.Support;
using SkiaSharp;

namespace Pipeline.Tests.Contracts;

/// <summary>What is told of a picture's file without decoding it.</summary>
public sealed class PictureTests
{
    private static readonly Rgb24 Raw = APicture.Quarters(300, 17);

    public static TheoryData<PictureFormat, byte[]> Files => new()
    {
        { PictureFormat.Jpeg, APicture.Encode(Raw, SKEncodedImageFormat.Jpeg) },
        { PictureFormat.Jpeg, PictureFile.Turned(APicture.Encode(Raw, SKEncodedImageFormat.Jpeg), 6) },
        { PictureFormat.Png, APicture.Png(Raw) },
        { PictureFormat.WebP, APicture.Encode(Raw, SKEncodedImageFormat.Webp) },
        { PictureFormat.WebP, APicture.Encode(Raw, SKEncodedImageFormat.Webp, quality: 50) },
        { PictureFormat.Gif, PictureFile.Gif(Raw) },
        { PictureFormat.Bmp, PictureFile.Bmp(Raw) },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void The_header_says_what_it_is_and_how_large(PictureFormat format, byte[] file)
    {
        var picture = APicture.Read(file);

        Assert.Equal((format, 300, 17), (picture.Format, picture.Width, picture.Height));
        Assert.Equal(file, picture.Data.ToArray());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_header_that_ends_early_is_a_problem_and_no_crash(PictureFormat format, byte[] file)
    {
        for (var length = 0; length < Math.Min(file.Length, 1_000); length++)
        {
            if (!Picture.Read(file.AsMemory(0, length)).IsRead(out _, out var problem))
            {
                Assert.True(problem.Kind is ProblemKind.BrokenPng or ProblemKind.BrokenPicture, $"{length} bytes of a {format.Name()}: {problem}");
            }
        }
    }

    [Fact]
    public void A_bomb_is_refused_with_its_size_and_what_to_do()
    {
        var jpeg = APicture.Encode(Raw, SKEncodedImageFormat.Jpeg);
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        jpeg.AsSpan(frame + 5, 4).Fill(0xFF);
        var gif = PictureFile.Gif(Raw);
        gif.AsSpan(6, 4).Fill(0xFF);
        var bmp = PictureFile.Bmp(Raw);
        bmp.AsSpan(18, 8).Fill(0x7F);

        foreach (var (file, size) in new[] { (PictureFile.Bomb(), "60000x60000"), (jpeg, "65535x65535"), (gif, "65535x65535"),
            (bmp, "2139062143x2139062143") })
        {
            Assert.False(Picture.Read(file).IsRead(out _, out var problem));
            Assert.Equal(ProblemKind.WrongSize, problem.Kind);
            Assert.Contains(size, problem.Text, StringComparison.Ordinal);
            Assert.Contains("send a smaller one", problem.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("GIF88a and more of it")]
    public void What_is_no_picture_is_told_so(string text)
    {
        Assert.False(Picture.Read(System.Text.Encoding.ASCII.GetBytes(text)).IsRead(out _, out var problem));
        Assert.Equal(ProblemKind.BrokenPng, problem.Kind);
        Assert.Contains("send JPEG, PNG", problem.Text, StringComparison.Ordinal);
    }
}
