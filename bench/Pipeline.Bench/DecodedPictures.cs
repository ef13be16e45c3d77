using System.Diagnostics;
using System.Globalization;
using Pipeline.Contracts.Pixels;
using Pipeline.Inference;
using SkiaSharp;

/// <summary>
/// What a JPEG of 640x480 costs inference until the model has its pixels, beside SkiaSharp alone on the same core, in turn: decoded whole and
/// resized, as most programs do it, and at best, decoded at half the size into a buffer that is kept.
/// </summary>
internal static class DecodedPictures
{
    /// <summary>Of SkiaSharp alone, decoded whole and resized.</summary>
    private const double GoalPercent = 80;

    private const int Rounds = 7;

    public static Task RunAsync(string[] args)
    {
        var duration = TimeSpan.FromSeconds(args is [var text, ..] ? double.Parse(text, CultureInfo.InvariantCulture) : 0.5);
        var jpeg = PictureFiles.Jpeg(640, 480);
        if (!Picture.Read(jpeg).IsRead(out var picture, out var problem))
        {
            throw new InvalidOperationException(problem.Text);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"JPEG 640x480, {jpeg.Length / 1024} KB; pictures/s of one core's time, the median of {Rounds} rounds"));
        Console.WriteLine("      to    inference   SkiaSharp, whole   SkiaSharp, half   of whole (goal 80 %)   of half");
        foreach (var side in new[] { 224, 32 })
        {
            using var decoder = new PictureDecoder(new PictureFit(side, side));
            var rgb = new byte[side * side * Rgb24.BytesPerPixel];
            var info = new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque);
            using var fitted = new SKBitmap(info);
            Action[] ways = [() => decoder.TryDecode(picture, rgb, out _), () => Whole(jpeg, info), () => Half(jpeg, fitted)];
            var rates = ways.Select(_ => new List<double>()).ToArray();
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var (way, run) in ways.Index())
                {
                    rates[way].Add(PerSecond(run, duration));
                }
            }

            double[] medians = [.. rates.Select(rate => rate.Order().ElementAt(Rounds / 2))];
            var ofWhole = 100 * medians[0] / medians[1];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{side,4}x{side,-4} {medians[0],9:N0} {medians[1],18:N0} {medians[2],17:N0} {ofWhole,14:N0} % {(ofWhole < GoalPercent ? "MISSED" : "met"),6} {100 * medians[0] / medians[2],8:N0} %"));
        }
        return Task.CompletedTask;
    }

    private static double PerSecond(Action run, TimeSpan duration)
    {
        var (count, started, usedBefore) = (0, Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        for (; Stopwatch.GetElapsedTime(started) < duration; count++)
        {
            run();
        }
        return count / (Environment.CpuUsage.TotalTime - usedBefore).TotalSeconds;       // whatever else the machine does
    }

    private static void Whole(byte[] jpeg, SKImageInfo info)
    {
        using var decoded = SKBitmap.Decode(jpeg);
        using var resized = decoded.Resize(info, Filter(decoded, info));
    }

    private static void Half(byte[] jpeg, SKBitmap fitted)
    {
        using var data = SKData.CreateCopy(jpeg);
        using var codec = SKCodec.Create(data);
        var size = codec.GetScaledDimensions(fitted.Width > 100 ? 1 / 2f : 1 / 8f);
        using var decoded = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        codec.GetPixels(decoded.Info, decoded.GetPixels());
        decoded.ScalePixels(fitted, Filter(decoded, fitted.Info));
    }

    private static SKSamplingOptions Filter(SKBitmap decoded, SKImageInfo info) => decoded.Width > 2 * info.Width || decoded.Height > 2 * info.Height
        ? new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)
        : new SKSamplingOptions(SKCubicResampler.Mitchell);
}
