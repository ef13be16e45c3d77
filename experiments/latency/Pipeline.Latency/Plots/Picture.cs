using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using SkiaSharp;

namespace Pipeline.Latency.Plots;

/// <summary>A picture of the report: a heading, one pair of axes or several below each other, and at the foot what it was drawn from.</summary>
/// <param name="heading">What is shown.</param>
/// <param name="note">How to read it.</param>
internal sealed partial class Picture(string heading, string note)
{
    /// <summary>What a page of text shows without scrolling.</summary>
    public const int WidthPixels = 800;

    private const int HeadPixels = 56;
    private const int FootPixels = 26;

    /// <summary>For screens with small pixels.</summary>
    private const int PngScale = 2;

    private const string DefaultFamily = "DejaVu Sans";
    private static readonly string[] Families = [DefaultFamily, "Noto Sans", "Liberation Sans", "Segoe UI", "Helvetica", "Arial"];

    /// <summary>Chosen by name, or it would be the first of the machine, whatever that is.</summary>
    private static readonly string Family = Families.FirstOrDefault(SKFontManager.Default.FontFamilies.Contains) ?? Fonts.Default;

    private readonly List<(Plot Plot, int HeightPixels, PixelPadding Room)> _plots = [];
    private readonly List<(string Text, float X, float Y, Color Colour, SKTextAlign Align)> _labels = [];

    /// <summary>Without a font there are no words in the plots.</summary>
    public static bool HasFonts => SKFontManager.Default.FontFamilyCount > 0;

    public int HeightPixels => HeadPixels + _plots.Sum(plot => plot.HeightPixels) + FootPixels;

    /// <summary>Adds axes below those that are there.</summary>
    /// <param name="heightPixels">Of the axes with their labels.</param>
    /// <param name="left">Room beside the axes, in pixels, the same for all of a picture; so are the others.</param>
    public Plot Add(int heightPixels, float left = 76, float right = 24, float top = 8, float bottom = 46)
    {
        var plot = new Plot();
        plot.Font.Set(Family);
        var room = new PixelPadding(left, right, bottom, top);
        plot.Layout.Fixed(room);
        plot.Axes.Right.FrameLineStyle.IsVisible = plot.Axes.Top.FrameLineStyle.IsVisible = false;
        foreach (IAxis axis in (IAxis[])[plot.Axes.Bottom, plot.Axes.Left])
        {
            (axis.Label.FontSize, axis.Label.Bold, axis.Label.ForeColor) = (13, false, Palette.Ink);
            (axis.TickLabelStyle.FontSize, axis.TickLabelStyle.ForeColor) = (12, Palette.Ink);
            axis.FrameLineStyle.Color = Palette.Faint;
        }

        plot.Axes.Left.TickLabelStyle.OffsetY = 3;           // or they stand above their ticks
        _plots.Add((plot, heightPixels, room));
        return plot;
    }

    /// <summary>Writes above the axes that were added last.</summary>
    /// <param name="fromRight">Pixels from the right end of the axes; null: at their left.</param>
    public void Label(string text, Color colour, float? fromRight = null)
    {
        var (_, height, room) = _plots[^1];
        var y = HeightPixels - FootPixels - height + room.Top - 8;
        _labels.Add(fromRight is { } pixels ? (text, WidthPixels - room.Right - pixels, y, colour, SKTextAlign.Right) : (text, room.Left, y, colour,
            SKTextAlign.Left));
    }

    /// <summary>Writes <c>NAME.svg</c> and <c>NAME.png</c>.</summary>
    public async Task SaveAsync(string directory, string name, string caption, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(Path.Combine(directory, name + ".svg"), ToSvg(caption), cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(directory, name + ".png"), ToPng(caption), cancellationToken);
    }

    public string ToSvg(string caption)
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(WidthPixels, HeightPixels), stream))
        {
            Draw(canvas, caption);
        }
        // Who looks at it may lack the font; and a tenth of a pixel is enough.
        var svg = Encoding.UTF8.GetString(stream.ToArray()).Replace($"\"{Family}\"", $"\"{Family}, Verdana, sans-serif\"", StringComparison.Ordinal);
        return Decimals()
            .Replace(svg, number => double.Parse(number.Value, CultureInfo.InvariantCulture).ToString("0.#", CultureInfo.InvariantCulture));
    }

    private byte[] ToPng(string caption)
    {
        using var surface = SKSurface.Create(new SKImageInfo(WidthPixels * PngScale, HeightPixels * PngScale));
        surface.Canvas.Scale(PngScale);
        Draw(surface.Canvas, caption);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }

    private void Draw(SKCanvas canvas, string caption)
    {
        canvas.Clear(SKColors.White);
        var top = HeadPixels;
        foreach (var (plot, height, _) in _plots)
        {
            canvas.Save();
            canvas.ClipRect(new SKRect(0, top, WidthPixels, top + height));      // a plot clears what it may draw on
            plot.Render(canvas, new PixelRect(0, WidthPixels, top + height, top));
            canvas.Restore();
            top += height;
        }

        foreach (var (text, x, y, colour, align) in _labels)
        {
            Write(canvas, text, x, y, 13, colour, align, isBold: true);
        }

        Write(canvas, heading, 20, 26, 16, Palette.Ink, isBold: true);
        Write(canvas, note, 20, 45, 12, Palette.Faint);
        Write(canvas, caption, WidthPixels - 12, HeightPixels - 9, 11, Palette.Faint, SKTextAlign.Right);
    }

    private static void Write(
        SKCanvas canvas, string text, float x, float y, float size, Color colour, SKTextAlign align = SKTextAlign.Left, bool isBold = false)
    {
        using var font = new SKFont(Fonts.GetTypeface(Family, isBold, italic: false), size);
        using var paint = new SKPaint { Color = colour.ToSKColor(), IsAntialias = true };
        canvas.DrawText(text, x, y, align, font, paint);
    }

    // In tags, not in the words between them.
    [GeneratedRegex(@"(?<=<[^<>]*)\d+\.\d{2,}")]
    private static partial Regex Decimals();
}
