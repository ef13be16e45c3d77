namespace Pipeline.Contracts.Pixels;

/// <summary>The two forms in which pixels travel.</summary>
public enum PixelFormat
{
    /// <summary>Raw: three bytes a pixel, row by row.</summary>
    Rgb24,

    /// <summary>A PNG file.</summary>
    Png,
}
