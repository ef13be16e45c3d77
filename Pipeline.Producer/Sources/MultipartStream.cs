using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Pipeline.Producer.Sources;

/// <summary>
/// A stream of pictures as cameras send it (<c>multipart/x-mixed-replace</c>, MJPEG over HTTP), and as ffmpeg writes it: one part after the other,
/// each in the place of the one before.
/// </summary>
internal static class MultipartStream
{
    private const int MaxBoundaryBytes = 1024;

    /// <summary>Of a picture and what is said of it; one that is too large to be sent is passed over up to this.</summary>
    private const int MaxPartBytes = 16 * 1024 * 1024;

    /// <summary>The files, each valid until the next; null is one that is larger than what may be sent. Ends with the stream.</summary>
    /// <exception cref="InvalidDataException">It is no such stream.</exception>
    /// <exception cref="TimeoutException">No file came for as long as that.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>?> ReadAsync(
        Stream stream, FileBuffer buffer, TimeSpan silentAtMost, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(stream);
        var boundary = await Patience.ForAsync(silentAtMost, token => BoundaryAsync(pipe, token), cancellationToken);
        var rationed = new RationedStream(pipe.AsStream(), MaxPartBytes);
        var parts = new MultipartReader(boundary, rationed);
        while (await Patience.ForAsync(silentAtMost, token => NextAsync(parts, buffer, token), cancellationToken) is { HasEnded: false } next)
        {
            yield return next.File;
            rationed.Renew();
        }
    }

    private static async Task<(bool HasEnded, ReadOnlyMemory<byte>? File)> NextAsync(
        MultipartReader parts, FileBuffer buffer, CancellationToken cancellationToken)
    {
        try
        {
            if (await parts.ReadNextSectionAsync(cancellationToken) is not { } part)
            {
                return (true, null);
            }

            // With its length a picture is whole when it is there; without, when the
            // next one begins. Some cameras count the line's end behind it, too.
            var hasLength = long.TryParse(
                part.Headers?.GetValueOrDefault("Content-Length").ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length);
            return (false, await buffer.ReadAsync(part.Body, hasLength ? length : null, cancellationToken, mayBeShorter: true));
        }
        catch (IOException)
        {
            return (true, null);                             // it has no proper end: who sends it stops, or loses its connection
        }
    }

    /// <summary>
    /// What stands between the parts, read off the first line: cameras do not agree with their own header on how many dashes it has.
    /// </summary>
    private static async Task<string> BoundaryAsync(PipeReader pipe, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await pipe.ReadAsync(cancellationToken);
            var boundary = BoundaryIn(read.Buffer);
            var canGoOn = !read.IsCompleted && read.Buffer.Length <= MaxBoundaryBytes;
            pipe.AdvanceTo(read.Buffer.Start, boundary is null ? read.Buffer.End : read.Buffer.Start);      // the parts' reader wants it too
            if (boundary is not null || !canGoOn)
            {
                return boundary ?? throw new InvalidDataException("it is no stream of pictures: no boundary between parts");
            }
        }
    }

    /// <summary>Without its two dashes; null where there is no whole line yet, or none that is a boundary.</summary>
    private static string? BoundaryIn(ReadOnlySequence<byte> start)
    {
        var lines = new SequenceReader<byte>(start);
        while (lines.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            if (Encoding.Latin1.GetString(line).TrimEnd() is { Length: > 0 } text)
            {
                return text.StartsWith("--", StringComparison.Ordinal) && text.Length is > 2 and <= MaxBoundaryBytes ? text[2..] : null;
            }
        }

        return null;
    }
}
