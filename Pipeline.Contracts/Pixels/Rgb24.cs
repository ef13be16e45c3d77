namespace Pipeline.Contracts.Pixels;

/// <summary>A picture of raw pixels.</summary>
/// <param name="Data">Width x height x 3 bytes: rows from the top, pixels from the left, red green blue.</param>
public sealed record Rgb24(int Width, int Height, ReadOnlyMemory<byte> Data) : Picture(PictureFormat.Rgb24, Width, Height, Data)
{
    /// <summary>What the model takes: pictures of this size go to it as they are.</summary>
    public const int ImageWidth = 32;

    /// <inheritdoc cref="ImageWidth"/>
    public const int ImageHeight = 32;

    public const int BytesPerPixel = 3;

    /// <summary>Bytes of a picture as the model takes it.</summary>
    public const int ImageBytes = ImageWidth * ImageHeight * BytesPerPixel;

    /// <summary>Checks that there are as many bytes as the size asks for.</summary>
    internal static Parsed<Picture> Read(long width, long height, ReadOnlyMemory<byte> data)
    {
        if (SizeProblem(width, height) is { } problem)
        {
            return problem;
        }

        return data.Length == width * height * BytesPerPixel
            ? new Rgb24((int)width, (int)height, data)
            : new Problem(
                ProblemKind.WrongPixelCount, $"{width}x{height} RGB24 pixels are {width * height * BytesPerPixel} bytes, and {data.Length} came");
    }
}
