namespace Pipeline.Contracts.Pixels;

/// <summary>What the formats are called where they are stored, which is also their usual name.</summary>
public static class PictureFormatNames
{
    public static string Name(this PictureFormat format) => format switch
    {
        PictureFormat.Rgb24 => "RGB24",
        PictureFormat.Png => "PNG",
        PictureFormat.Jpeg => "JPEG",
        PictureFormat.WebP => "WEBP",
        PictureFormat.Gif => "GIF",
        PictureFormat.Bmp => "BMP",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "not a format"),
    };
}
