namespace Embedded.Kafka.Log;

/// <summary>Bytes of one segment that a fetch is going to send.</summary>
/// <param name="Length">Bytes from <paramref name="Position"/>; they begin with a batch.</param>
/// <param name="MayEndInBatch">The budget ended them, so <see cref="Read"/> has to drop a partial batch.</param>
/// <param name="Available">All readable bytes of the partition from here on, which is what min_bytes counts.</param>
internal readonly record struct LogSlice(Segment? Segment, long Position, int Length, bool MayEndInBatch, long Available)
{
    /// <returns>Bytes of whole batches at the beginning of <paramref name="into"/>.</returns>
    public int Read(Span<byte> into)
    {
        if (Segment is null || Length == 0)
        {
            return 0;
        }

        var count = Segment.Read(into[..Length], Position);
        if (count == Length && !MayEndInBatch)
        {
            return count;
        }

        var whole = 0;
        while (count - whole >= RecordBatch.HeaderBytes)
        {
            var batch = RecordBatch.Read(into[whole..]);
            if (batch.TotalBytes > count - whole || batch.TotalBytes < RecordBatch.HeaderBytes)
            {
                break;
            }

            whole += (int)batch.TotalBytes;
        }

        return whole;
    }
}
