namespace Embedded.Kafka.Log;

/// <summary>
/// What a reader may see of a partition's log at one moment. The writer publishes a new one after each append; readers take the
/// latest and need no lock.
/// </summary>
/// <param name="Segments">Oldest first; the last one is written to. Empty before the first append.</param>
/// <param name="StartOffset">Log start offset: nothing below it is served.</param>
/// <param name="EndOffset">Log end offset: what the next record will get.</param>
/// <param name="HighWatermark">Consumers see records below it: the log end, or with flush.on.ack what is on disk.</param>
/// <param name="ReadableSegment">The segment that the high watermark falls into, and the position there.</param>
internal sealed record LogView(
    Segment[] Segments, long StartOffset, long EndOffset, long HighWatermark, Segment? ReadableSegment, long ReadablePosition)
{
    /// <summary>The oldest segment that can hold an offset.</summary>
    public int IndexOf(long offset)
    {
        var (low, high) = (0, Segments.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Segments[middle].BaseOffset <= offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return Math.Max(low - 1, 0);
    }

    /// <summary>Where a segment's readable bytes end.</summary>
    public long EndOf(Segment segment) =>
        segment == ReadableSegment ? ReadablePosition
        : ReadableSegment is null || segment.BaseOffset > ReadableSegment.BaseOffset ? 0
        : segment.Size;

    /// <summary>Readable bytes in the segments after this one.</summary>
    public long BytesAfter(int segmentIndex)
    {
        long bytes = 0;
        for (var i = segmentIndex + 1; i < Segments.Length; i++)
        {
            bytes += EndOf(Segments[i]);
        }

        return bytes;
    }
}
