namespace Pipeline.Contracts.Pixels;

/// <summary>Names a picture that cannot be read yet, so that its sender learns more than that it is no PNG.</summary>
internal static class PictureFormats
{
    /// <summary>Null where it is a PNG, or nothing that is known here.</summary>
    public static Problem? OtherThanPng(ReadOnlySpan<byte> picture)
    {
        var name = picture switch
        {
            [0xFF, 0xD8, 0xFF, ..] => "JPEG",
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "GIF",
            [(byte)'B', (byte)'M', ..] => "BMP",
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "WebP",
            [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => "TIFF",
            [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "HEIF or AVIF",
            _ => null,
        };
        return name is null ? null : new Problem(ProblemKind.UnsupportedPicture, $"the picture is {name}; send PNG");
    }
}
