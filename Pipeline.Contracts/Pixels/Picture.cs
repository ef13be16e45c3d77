namespace Pipeline.Contracts.Pixels;

/// <summary>A picture as its camera sent it: the bytes, and what their first ones say of them.</summary>
/// <param name="Format">What the bytes are.</param>
/// <param name="Width">Pixels a row, before it is turned as its camera says.</param>
/// <param name="Height">Rows.</param>
/// <param name="Data">Raw pixels or a whole file. Nobody has looked at a file's pixels yet: they may be broken.</param>
public record Picture(PictureFormat Format, int Width, int Height, ReadOnlyMemory<byte> Data)
{
    /// <summary>What can be sent, in words.</summary>
    public const string Readable = "JPEG, PNG, WebP, GIF or BMP";

    /// <summary>Looks at a file's header alone, so that nothing is allocated for what it promises.</summary>
    public static Parsed<Picture> Read(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (PictureHeader.FormatOf(bytes) is not { } format)
        {
            return PictureHeader.UnreadableFormatOf(bytes) is { } other
                ? new Problem(ProblemKind.UnsupportedPicture, $"the picture is {other}; send {Readable}")
                : new Problem(ProblemKind.BrokenPng, $"these bytes are no picture; send {Readable}");     // the kind that this has always had
        }

        if (PictureHeader.SizeOf(format, bytes) is not { } size || size.Width <= 0 || size.Height <= 0)
        {
            return Broken(format, "its header does not say how large it is");
        }

        return SizeProblem(size.Width, size.Height) is { } problem ? problem : new Picture(format, (int)size.Width, (int)size.Height, file);
    }

    /// <summary>Null where a picture of this size may be decoded.</summary>
    public static Problem? SizeProblem(long width, long height) =>
        width is > 0 and <= Limits.MaxPictureSide && height is > 0 and <= Limits.MaxPictureSide && width * height <= Limits.MaxPicturePixels
            ? null
            : new(ProblemKind.WrongSize,
                $"a picture has at most {Limits.MaxPictureSide} pixels a side and {Limits.MaxPicturePixels} in all, and this one is {width}x{height}; send a smaller one");

    /// <summary>A file that cannot be decoded.</summary>
    public static Problem Broken(PictureFormat format, string why) =>
        new(format == PictureFormat.Png ? ProblemKind.BrokenPng : ProblemKind.BrokenPicture, $"the {format.Name()} is broken: {why}");
}
