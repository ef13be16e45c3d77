namespace Embedded.Kafka.Log;

/// <summary>A partition's log as recovery found it.</summary>
/// <param name="WasTruncated">A torn tail was cut off: the partition's epoch has to rise.</param>
/// <param name="IsDamaged">Bytes that were on disk for certain are unreadable: the partition stays offline.</param>
internal sealed record RecoveredLog(
    string Directory, Segment[] Segments, long StartOffset, long EndOffset, long FlushedOffset, ProducerStates Producers, bool WasTruncated,
    bool IsDamaged)
{
    public static RecoveredLog Empty(string directory) => new(directory, [], 0, 0, 0, new ProducerStates(), WasTruncated: false, IsDamaged: false);
}
