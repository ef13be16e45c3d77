using System.Diagnostics.CodeAnalysis;
using System.Text;
using Embedded.Kafka.Log;

namespace Embedded.Kafka.Groups;

/// <summary>
/// What the coordinator remembers across a kill: committed offsets, and each group's last complete generation.
/// </summary>
/// <remarks>
/// File: groups.log, a <see cref="Journal"/> (frames with length and CRC). One frame holds one or more records, laid out in
/// <see cref="GroupRecordCodec"/>; entry type 1, version 1.
/// <para>
/// Write order: journal, then memory, then the answer to the client. Whoever arrives while a write is under way
/// gathers behind it, and the next write takes all of them in one frame; memory changes in the same order as the file.
/// A failed write changes nothing in memory, and everyone in that frame is told.
/// </para>
/// <para>
/// Killed before the write: the client has no answer and commits again. Killed within it: the journal cuts the torn frame;
/// the same. Killed after it: the commit holds, with or without its answer. Killed while the file is rewritten (when dead
/// records outweigh the live ones): the old file or the new one is there, and both say the same.
/// </para>
/// </remarks>
internal sealed class GroupStore : IDisposable
{
    private const byte RecordsEntry = 1;

    /// <summary>A larger file starts over with what is live: the journal cannot know how much of it is dead.</summary>
    private const long RewriteAtOpeningBytes = 1 << 20;

    private readonly Lock _write = new();
    private readonly Lock _gather = new();
    private readonly Lock _state = new();
    private readonly Dictionary<string, GroupSnapshot> _groups = [];
    private readonly Dictionary<string, Dictionary<TopicPartition, StoredOffset>> _offsets = [];
    private readonly Journal _journal;
    private Gathered _next = new();
    private long _rewriteFromBytes;

    private GroupStore(string path)
    {
        _journal = Journal.Open(path, Replay, out var truncatedBytes);
        TruncatedBytes = truncatedBytes;
        if (_journal.Length > RewriteAtOpeningBytes)
        {
            Rewrite();
        }
    }

    /// <summary>What a torn last write had left in the file; cut off at opening.</summary>
    public long TruncatedBytes { get; }

    /// <summary>Frames written since opening: fewer than records when commits came together.</summary>
    public long FramesWritten { get; private set; }

    /// <exception cref="InvalidDataException">The file is not one of this version.</exception>
    public static GroupStore Open(string path) => new(path);

    /// <summary>Groups that had been through a generation, and those that only have offsets.</summary>
    public (IReadOnlyList<GroupSnapshot> Saved, IReadOnlyList<string> OffsetsOnly) Groups()
    {
        lock (_state)
        {
            return ([.. _groups.Values], [.. _offsets.Keys.Where(id => !_groups.ContainsKey(id))]);
        }
    }

    /// <summary>Writes a fact down; it survives a kill when this returns.</summary>
    /// <exception cref="IOException">Not written, and not remembered.</exception>
    public void Append(GroupRecord record)
    {
        Gathered mine;
        lock (_gather)
        {
            mine = _next;
            mine.Add(record);
        }
        lock (_write)
        {
            if (!mine.IsDone)
            {
                WriteGathered(mine);
            }
        }
        if (mine.Failure is not null)
        {
            throw new IOException($"groups.log cannot be written: {mine.Failure.Message}", mine.Failure);
        }
    }

    public bool TryFind(string groupId, TopicPartition partition, out StoredOffset offset)
    {
        lock (_state)
        {
            offset = default;
            return _offsets.TryGetValue(groupId, out var offsets) && offsets.TryGetValue(partition, out offset);
        }
    }

    /// <summary>All offsets of a group, by topic and partition.</summary>
    public IReadOnlyList<KeyValuePair<TopicPartition, StoredOffset>> AllOf(string groupId)
    {
        lock (_state)
        {
            if (!_offsets.TryGetValue(groupId, out var offsets))
            {
                return [];
            }

            return [.. offsets.OrderBy(entry => entry.Key.Topic, StringComparer.Ordinal).ThenBy(entry => entry.Key.Partition)];
        }
    }

    public bool HasOffsets(string groupId)
    {
        lock (_state)
        {
            return _offsets.ContainsKey(groupId);
        }
    }

    /// <summary>Every group that holds offsets of a topic, with the partitions.</summary>
    public IReadOnlyList<OffsetsRemoved> OffsetsOf(string topic)
    {
        lock (_state)
        {
            return [.. from offsets in _offsets
                       let partitions = offsets.Value.Keys.Where(key => key.Topic == topic).ToArray()
                       where partitions.Length > 0
                       select new OffsetsRemoved(offsets.Key, partitions)];
        }
    }

    /// <summary>Makes what was written durable against power loss, too.</summary>
    public void Flush() => _journal.Flush();

    public void Dispose() => _journal.Dispose();

    private void WriteGathered(Gathered gathered)
    {
        lock (_gather)
        {
            _next = new Gathered();                               // From here on nobody adds to it.
        }

        try
        {
            _journal.Append(RecordsEntry, GroupRecordCodec.Version, gathered.Frame);
            FramesWritten++;
            Remember(gathered.Records);
        }
        catch (IOException failure)
        {
            gathered.Failure = failure;
        }
        finally
        {
            gathered.IsDone = true;
        }
        if (_journal.WantsRewrite && _journal.Length >= _rewriteFromBytes)
        {
            Rewrite();
        }
    }

    private void Rewrite()
    {
        try
        {
            _journal.Rewrite(LiveEntries());
            _rewriteFromBytes = 0;
        }
        catch (IOException)
        {
            // The old file still says everything, so nobody needs to hear of it. Try again when it has grown by half.
            _rewriteFromBytes = _journal.Length + (_journal.Length / 2);
        }
    }

    private void Replay(JournalEntry entry)
    {
        if (entry.Type != RecordsEntry || entry.Version != GroupRecordCodec.Version)
        {
            throw new InvalidDataException(
                $"groups.log holds an entry of type {entry.Type}, version {entry.Version}; a later version of this broker wrote it.");
        }

        Remember(GroupRecordCodec.ReadAll(entry.Payload));
    }

    private void Remember(IEnumerable<GroupRecord> records)
    {
        lock (_state)
        {
            foreach (var record in records)
            {
                Remember(record);
            }
        }
    }

    private void Remember(GroupRecord record)
    {
        switch (record)
        {
            case OffsetsCommitted committed:
                if (!_offsets.TryGetValue(committed.GroupId, out var offsets))
                {
                    _offsets[committed.GroupId] = offsets = [];
                }

                foreach (var one in committed.Offsets)
                {
                    offsets[new(one.Topic, one.Partition)] = new(one.Offset, one.LeaderEpoch, one.Metadata, committed.CommittedAt);
                }

                break;

            case OffsetsRemoved removed when _offsets.TryGetValue(removed.GroupId, out var kept):
                foreach (var partition in removed.Partitions)
                {
                    kept.Remove(partition);
                }

                if (kept.Count == 0)
                {
                    _offsets.Remove(removed.GroupId);
                }

                break;

            case GroupSaved saved:
                _groups[saved.GroupId] = saved.Snapshot;
                break;

            case GroupRemoved gone:
                _groups.Remove(gone.GroupId);
                _offsets.Remove(gone.GroupId);
                break;
        }
    }

    /// <summary>One entry a group: enough to remember everything, and small enough for a frame.</summary>
    private IEnumerable<JournalEntry> LiveEntries()
    {
        foreach (var snapshot in _groups.Values)
        {
            yield return Entry(new GroupSaved(snapshot));
        }

        foreach (var (groupId, offsets) in _offsets)
        {
            foreach (var together in offsets.GroupBy(offset => offset.Value.CommittedAt))
            {
                yield return Entry(new OffsetsCommitted(groupId, together.Key, [.. together.Select(offset =>
                    new CommittedOffset(
                        offset.Key.Topic, offset.Key.Partition, offset.Value.Offset, offset.Value.LeaderEpoch, offset.Value.Metadata))]));
            }
        }
    }

    private static JournalEntry Entry(GroupRecord record)
    {
        var frame = new Gathered();
        frame.Add(record);
        return new JournalEntry(RecordsEntry, GroupRecordCodec.Version, frame.Frame.ToArray());
    }

    /// <summary>Records that will share a frame.</summary>
    [SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A writer over memory holds nothing.")]
    private sealed class Gathered
    {
        private readonly MemoryStream _frame = new();
        private readonly BinaryWriter _writer;

        public Gathered() => _writer = new BinaryWriter(_frame, Encoding.UTF8);

        public List<GroupRecord> Records { get; } = [];

        public ReadOnlySpan<byte> Frame => _frame.GetBuffer().AsSpan(0, (int)_frame.Length);

        public bool IsDone { get; set; }

        public Exception? Failure { get; set; }

        public void Add(GroupRecord record)
        {
            GroupRecordCodec.Write(_writer, record);
            _writer.Flush();
            Records.Add(record);
        }
    }
}
