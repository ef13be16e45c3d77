using Pipeline.Contracts;

namespace Pipeline.Producer.Sources;

/// <summary>
/// Room for one file at a time. It grows with the files, never beyond the largest that may be sent, whatever a stranger says of its length.
/// </summary>
internal sealed class FileBuffer
{
    private const int FirstBytes = 64 * 1024;

    // One more than may be sent: so it is seen that a file is larger.
    private const int MaxBytes = Limits.MaxPictureBytes + 1;

    private byte[] _bytes = new byte[FirstBytes];

    /// <summary>Reads a file, in the place of the one before.</summary>
    /// <param name="stream">Is read to its end, or to the file's.</param>
    /// <param name="length">The file's, where it is known; the stream may go on behind it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="mayBeShorter">Whether the length is somebody's word, and the stream's end, where it comes before, the file's.</param>
    /// <returns>Null where it is larger than what may be sent; the stream is then left somewhere in it.</returns>
    /// <exception cref="EndOfStreamException">The stream is shorter than it was said to be.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(
        Stream stream, long? length, CancellationToken cancellationToken, bool mayBeShorter = false)
    {
        if (length > Limits.MaxPictureBytes)
        {
            return null;
        }

        var wanted = (int)(length ?? MaxBytes);
        var filled = 0;
        while (filled < wanted)
        {
            if (filled == _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Min(2 * _bytes.Length, MaxBytes));
            }

            var count = await stream.ReadAsync(_bytes.AsMemory(filled, Math.Min(wanted, _bytes.Length) - filled), cancellationToken);
            if (count == 0)
            {
                return length is null || mayBeShorter
                    ? _bytes.AsMemory(0, filled)
                    : throw new EndOfStreamException("it ends in the middle of a picture");
            }

            filled += count;
        }

        if (filled == MaxBytes)
        {
            // in a conditional expression it would become an empty file: an array that is none converts to one
            return null;
        }

        return _bytes.AsMemory(0, filled);
    }
}
