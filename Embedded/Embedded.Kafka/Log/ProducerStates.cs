using System.Buffers.Binary;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Log;

/// <summary>
/// What idempotent producers have appended to one partition: enough to tell a retry from news, and a gap from both.
/// Guarded by the partition's append lock; changed only by an append that succeeded.
/// </summary>
/// <remarks>
/// Snapshot file <c>&lt;offset&gt;.snap</c>, little-endian: <c>crc32c:u32 (of the rest) format:u32 offset:i64 count:i32</c>, then per producer
/// <c>id:i64 epoch:i16 last_ms:i64 batches:u8</c> and per batch <c>first:i32 last:i32 base:i64 last_offset:i64 timestamp:i64</c>.
/// It holds the state after all batches below its offset; recovery adds the later ones from their headers.
/// Source: KIP-98, KIP-360.
/// </remarks>
internal sealed class ProducerStates
{
    public const string SnapshotSuffix = ".snap";

    /// <summary>A producer has at most five requests in flight, so a retry is among its last five batches.</summary>
    private const int RememberedBatches = 5;

    private const uint Format = 1;
    private readonly Dictionary<long, State> _states = [];

    public int Count => _states.Count;

    private readonly record struct Appended(int FirstSequence, int LastSequence, long BaseOffset, long LastOffset, long TimestampMs);

    private sealed class State
    {
        public short Epoch;
        public long LastMs;
        public readonly List<Appended> Batches = new(RememberedBatches);
    }

    /// <summary>May this batch be appended now?</summary>
    /// <param name="duplicateOf">The base offset it already has, with <see cref="ErrorCode.None"/>; otherwise −1.</param>
    public ErrorCode Check(in RecordBatch batch, out long duplicateOf)
    {
        duplicateOf = -1;
        if (!_states.TryGetValue(batch.ProducerId, out var state))
        {
            return ErrorCode.None;    // it may have expired: any sequence will do
        }

        if (batch.ProducerEpoch < state.Epoch)
        {
            return ErrorCode.InvalidProducerEpoch;
        }

        if (batch.ProducerEpoch > state.Epoch)
        {
            return batch.BaseSequence == 0 ? ErrorCode.None : ErrorCode.OutOfOrderSequenceNumber;
        }

        foreach (var known in state.Batches)
        {
            if (known.FirstSequence != batch.BaseSequence || known.LastSequence != batch.LastSequence)
            {
                continue;
            }

            duplicateOf = known.BaseOffset;
            return ErrorCode.None;
        }

        var expected = state.Batches.Count == 0 ? 0 : (state.Batches[^1].LastSequence + 1) & int.MaxValue;
        return batch.BaseSequence == expected ? ErrorCode.None : ErrorCode.OutOfOrderSequenceNumber;
    }

    /// <param name="batch">Stamped with its offset.</param>
    public void Add(in RecordBatch batch, long nowMs, int maxProducers)
    {
        if (!_states.TryGetValue(batch.ProducerId, out var state))
        {
            if (_states.Count >= maxProducers)
            {
                _states.Remove(_states.MinBy(known => known.Value.LastMs).Key);
            }

            _states[batch.ProducerId] = state = new State { Epoch = batch.ProducerEpoch };
        }

        if (batch.ProducerEpoch > state.Epoch)
        {
            state.Epoch = batch.ProducerEpoch;
            state.Batches.Clear();
        }

        if (state.Batches.Count == RememberedBatches)
        {
            state.Batches.RemoveAt(0);
        }

        state.Batches.Add(new Appended(batch.BaseSequence, batch.LastSequence, batch.BaseOffset, batch.LastOffset, batch.MaxTimestamp));
        state.LastMs = nowMs;
    }

    /// <summary>Forgets producers that have not appended since.</summary>
    public void Expire(long sinceMs)
    {
        foreach (var (id, state) in _states)
        {
            if (state.LastMs < sinceMs)
            {
                _states.Remove(id);
            }
        }
    }

    public void Save(string directory, long offset)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(0u);
        writer.Write(Format);
        writer.Write(offset);
        writer.Write(_states.Count);
        foreach (var (id, state) in _states)
        {
            writer.Write(id);
            writer.Write(state.Epoch);
            writer.Write(state.LastMs);
            writer.Write((byte)state.Batches.Count);
            foreach (var batch in state.Batches)
            {
                writer.Write(batch.FirstSequence);
                writer.Write(batch.LastSequence);
                writer.Write(batch.BaseOffset);
                writer.Write(batch.LastOffset);
                writer.Write(batch.TimestampMs);
            }
        }

        writer.Flush();
        var content = stream.GetBuffer().AsSpan(0, (int)stream.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(content, Crc32C.Compute(content[4..]));

        // No fsync: a snapshot that a power loss tears fails its CRC, and recovery reads headers instead.
        File.WriteAllBytes(Segment.PathOf(directory, offset, SnapshotSuffix), content);
    }

    /// <returns>Null: missing or damaged.</returns>
    public static ProducerStates? TryLoad(string directory, long offset)
    {
        var path = Segment.PathOf(directory, offset, SnapshotSuffix);
        if (!File.Exists(path))
        {
            return null;
        }

        var content = File.ReadAllBytes(path);
        if (content.Length < 20 || BinaryPrimitives.ReadUInt32LittleEndian(content) != Crc32C.Compute(content.AsSpan(4)))
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(content, 4, content.Length - 4));
        if (reader.ReadUInt32() != Format || reader.ReadInt64() != offset)
        {
            return null;
        }

        var states = new ProducerStates();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var id = reader.ReadInt64();
            var state = new State { Epoch = reader.ReadInt16(), LastMs = reader.ReadInt64() };
            for (var batches = reader.ReadByte(); batches > 0; batches--)
            {
                state.Batches.Add(new Appended(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64()));
            }

            states._states[id] = state;
        }

        return states;
    }
}
