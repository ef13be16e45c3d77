namespace Pipeline.Contracts.Pixels;

/// <summary>The five ways in which a PNG row may be written as a difference from its neighbours.</summary>
internal static class PngFilters
{
    public const byte None = 0, Sub = 1, Up = 2, Average = 3, Paeth = 4;

    /// <summary>Turns a filtered row into its bytes, in place.</summary>
    /// <param name="filter">The byte in front of the row.</param>
    /// <param name="row">The row as stored.</param>
    /// <param name="above">The row above as it came out; zeros above the first.</param>
    /// <param name="step">Bytes a pixel: how far left the neighbour is.</param>
    public static void Undo(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        above = above[..row.Length];                        // lets the loops below do without bounds checks
        switch (filter)
        {
            case None:
                break;
            case Sub:
                for (var i = step; i < row.Length; i++)
                {
                    row[i] += row[i - step];
                }

                break;
            case Up:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] += above[i];
                }

                break;
            case Average:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] += (byte)(((i < step ? 0 : row[i - step]) + above[i]) / 2);
                }

                break;
            case Paeth:
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] += i < step ? above[i] : Nearest(row[i - step], above[i], above[i - step]);
                }

                break;
            default:
                throw PngException.Broken($"a row has filter {filter}, and PNG defines 0 to 4");
        }
    }

    /// <summary>Of left, above and above left, the one closest to left + above - above left; ties in that order.</summary>
    private static byte Nearest(int left, int above, int aboveLeft)
    {
        var toLeft = Math.Abs(above - aboveLeft);
        var toAbove = Math.Abs(left - aboveLeft);
        var toAboveLeft = Math.Abs(left + above - 2 * aboveLeft);
        if (toLeft <= toAbove && toLeft <= toAboveLeft)
        {
            return (byte)left;
        }

        return (byte)(toAbove <= toAboveLeft ? above : aboveLeft);
    }
}
