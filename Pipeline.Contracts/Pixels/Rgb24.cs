namespace Pipeline.Contracts.Pixels;

/// <summary>A picture in memory.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Data">Width x height x 3 bytes: rows from the top, pixels from the left, red green blue.</param>
public sealed record Rgb24(int Width, int Height, ReadOnlyMemory<byte> Data)
{
    /// <summary>What the model takes, and so the only size that cameras send.</summary>
    public const int ImageWidth = 32;

    /// <inheritdoc cref="ImageWidth"/>
    public const int ImageHeight = 32;

    public const int BytesPerPixel = 3;

    /// <summary>Bytes of one camera image.</summary>
    public const int ImageBytes = ImageWidth * ImageHeight * BytesPerPixel;

    internal static Problem WrongSize(long width, long height) =>
        new(ProblemKind.WrongSize, $"an image is {ImageWidth}x{ImageHeight} pixels, and this one is {width}x{height}");
}
