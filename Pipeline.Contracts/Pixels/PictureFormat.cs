namespace Pipeline.Contracts.Pixels;

/// <summary>The forms in which a picture travels: raw pixels, or a file.</summary>
public enum PictureFormat
{
    /// <summary>Raw: three bytes a pixel, row by row.</summary>
    Rgb24,
    Png,
    Jpeg,
    WebP,
    Gif,
    Bmp,
}
