using System.Collections.Concurrent;
using System.Text;
using Embedded.Kafka.Wire;
using Microsoft.Extensions.Logging;

namespace Embedded.Kafka.Log;

/// <summary>Which topics there are. Lookups take no lock; changes go one at a time, journal first, then memory.</summary>
/// <remarks>
/// catalog.log, a <see cref="Journal"/>, holds topics created and deleted, epochs that rose, and blocks of producer ids handed out.
/// A crash between the journal and memory is a change that happened but was not answered: the client asks again and finds it.
/// </remarks>
internal sealed class TopicCatalog : IDisposable
{
    private const long ProducerIdBlock = 1000;

    private readonly ConcurrentDictionary<string, Topic> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Topic>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly Dictionary<Guid, Described> _described = [];
    private readonly Lock _changing = new();
    private readonly DataFolder _folder;
    private readonly LogSettings _settings;
    private readonly Journal _journal;
    private int _epoch;
    private long _nextProducerId = 1;
    private long _producerIdsUntil = 1;
    private int _partitionCount;

    private enum Entry : byte
    {
        TopicCreated = 1,
        TopicDeleted = 2,
        EpochRaised = 3,
        PartitionEpoch = 4,
        ProducerIds = 5,
    }

    /// <summary>A topic as the journal tells of it.</summary>
    private sealed record Described(Guid Id, string Name, int[] PartitionEpochs, Dictionary<string, string?> Overrides);

    public TopicCatalog(DataFolder folder, LogSettings settings)
    {
        _folder = folder;
        _settings = settings;
        _bySpan = _topics.GetAlternateLookup<ReadOnlySpan<char>>();
        _journal = Journal.Open(folder.CatalogPath, Replay, out var torn);
        if (torn > 0)
        {
            settings.Log.JournalTruncated(folder.CatalogPath, torn);
        }

        settings.Flusher.Watch(_journal.Flush);
        _nextProducerId = _producerIdsUntil;
    }

    /// <summary>A topic is gone: whoever keeps something by topic name forgets it.</summary>
    public event Action<Topic>? Deleted;

    /// <summary>Partitions whose torn tail recovery has cut off.</summary>
    public ConcurrentBag<PartitionLog> Truncated { get; } = [];

    public ICollection<Topic> All => _topics.Values;

    public Topic? Find(string name) => _topics.GetValueOrDefault(name);

    /// <param name="utf8">The name as it came over the wire; no string is made for it.</param>
    public Topic? Find(ReadOnlySpan<byte> utf8)
    {
        Span<char> characters = stackalloc char[Topic.MaxNameCharacters];
        if (utf8.Length > characters.Length)
        {
            return null;
        }

        return _bySpan.TryGetValue(characters[..Encoding.UTF8.GetChars(utf8, characters)], out var topic) ? topic : null;
    }

    public bool HasPartition(string topic, int partition) => Find(topic)?.Partition(partition) is not null;

    /// <summary>Opens the logs of all topics. Called once, before the broker listens.</summary>
    public void Recover(long nowMs)
    {
        var started = Environment.TickCount64;
        var flushed = FlushCheckpoint.Load(_folder.CheckpointPath);
        var recovery = new LogRecovery(_folder.WasCleanStop, _settings.Options, _settings.Log);
        Parallel.ForEach(
            _described.Values,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            described => _topics[described.Name] = Open(described, (path, partition) =>
                recovery.Recover(path, flushed.GetValueOrDefault((described.Id, partition)), nowMs)));
        _partitionCount = _topics.Values.Sum(topic => topic.Partitions.Length);
        _settings.Log.Recovered(
            _partitionCount, _topics.Count, Environment.TickCount64 - started, _folder.WasCleanStop ? "clean stop" : "after a crash");
    }

    /// <summary>Checks, journals and creates. On success the topic is usable at once and survives a kill.</summary>
    /// <param name="validateOnly">Only the checks.</param>
    public ErrorCode Create(
        string name, int partitions, IReadOnlyDictionary<string, string?> overrides, bool validateOnly, out Topic? topic, out string? problem)
    {
        topic = null;
        problem = Topic.IsReserved(name) ? $"'{name}' is a reserved name."
            : Topic.IsValidName(name) ? null
            : $"'{name}' is no topic name: 1 to {Topic.MaxNameCharacters} letters, digits, '.', '_' or '-'.";
        if (problem is not null)
        {
            return ErrorCode.InvalidTopic;
        }

        lock (_changing)
        {
            if (_topics.TryGetValue(name, out topic))
            {
                problem = $"Topic '{name}' exists.";
                return ErrorCode.TopicAlreadyExists;
            }

            if (partitions < 1)
            {
                problem = $"{partitions} partitions: at least 1 is needed.";
            }
            else if (_topics.Count >= _settings.Options.MaxTopics)
            {
                problem = $"There are {_topics.Count} topics already (max.topics).";
            }
            else if (_partitionCount + (long)partitions > _settings.Options.MaxPartitionsTotal)
            {
                problem = $"With {partitions} more there would be over {_settings.Options.MaxPartitionsTotal} partitions (max.partitions.total).";
            }

            if (problem is not null)
            {
                return ErrorCode.InvalidPartitions;
            }

            if (!TopicConfig.TryCreate(_settings.Options, overrides, out _, out problem))
            {
                return ErrorCode.InvalidConfig;
            }

            if (validateOnly)
            {
                return ErrorCode.None;
            }

            var epochs = new int[partitions];
            Array.Fill(epochs, _epoch);
            var described = new Described(Guid.NewGuid(), name, epochs, new(overrides, StringComparer.Ordinal));
            try
            {
                using var payload = Payload(described);
                Write(Entry.TopicCreated, payload);
            }
            catch (IOException e)
            {
                problem = $"The topic could not be written down: {e.Message}";
                return ErrorCode.KafkaStorageError;
            }

            _described[described.Id] = described;
            _topics[name] = topic = Open(described, (path, _) => RecoveredLog.Empty(path));
            _partitionCount += partitions;
            _settings.Log.TopicCreated(name, partitions);
            if (topic.Config.IsCompacted)
            {
                _settings.Log.TopicNotCompacted(name);
            }

            return ErrorCode.None;
        }
    }

    /// <summary>Removes a topic and its records; clients see it gone when this returns.</summary>
    public ErrorCode Delete(string name)
    {
        Topic? topic;
        lock (_changing)
        {
            if (!_topics.TryGetValue(name, out topic))
            {
                return ErrorCode.UnknownTopicOrPartition;
            }

            using var payload = new WireWriter();
            payload.WriteUuid(topic.Id);
            Write(Entry.TopicDeleted, payload);
            RaiseEpoch();
            _topics.TryRemove(name, out _);
            _described.Remove(topic.Id);
            _partitionCount -= topic.Partitions.Length;
            foreach (var partition in topic.Partitions)
            {
                partition.Delete();
            }
        }

        var path = Path.GetDirectoryName(_folder.PartitionPath(topic.Id, 0))!;
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        Deleted?.Invoke(topic);
        return ErrorCode.None;
    }

    /// <summary>A producer id that was never given out before, by this process or an earlier one.</summary>
    public long NextProducerId()
    {
        lock (_changing)
        {
            if (_nextProducerId == _producerIdsUntil)
            {
                using var payload = new WireWriter();
                payload.WriteInt64(_producerIdsUntil + ProducerIdBlock);
                Write(Entry.ProducerIds, payload);
                _producerIdsUntil += ProducerIdBlock;
            }

            return _nextProducerId++;
        }
    }

    public void SaveCheckpoint() => FlushCheckpoint.Save(
        _folder.CheckpointPath,
        [.. from topic in _topics.Values
            from partition in topic.Partitions
            where partition.FlushedOffset > 0
            select (topic.Id, partition.Partition, partition.FlushedOffset)]);

    public void Dispose()
    {
        foreach (var partition in _topics.Values.SelectMany(topic => topic.Partitions))
        {
            partition.Dispose();
        }

        _journal.Dispose();
    }

    private Topic Open(Described described, Func<string, int, RecoveredLog> recover)
    {
        // A setting that a newer version wrote and this one does not know must not keep the topic from opening.
        if (!TopicConfig.TryCreate(_settings.Options, described.Overrides, out var config, out _))
        {
            TopicConfig.TryCreate(_settings.Options, [], out config, out _);
        }

        var partitions = new PartitionLog[described.PartitionEpochs.Length];
        for (var i = 0; i < partitions.Length; i++)
        {
            var recovered = recover(_folder.PartitionPath(described.Id, i), i);
            if (recovered.WasTruncated)
            {
                RaiseEpoch(described, i);
            }

            partitions[i] = new PartitionLog(_settings, described.Name, i, described.PartitionEpochs[i], config, recovered);
            if (recovered.WasTruncated)
            {
                Truncated.Add(partitions[i]);
            }
        }

        return new Topic(described.Id, described.Name, config, partitions);
    }

    private void RaiseEpoch(Described described, int partition)
    {
        lock (_changing)
        {
            RaiseEpoch();
            described.PartitionEpochs[partition] = _epoch;
            using var payload = new WireWriter();
            payload.WriteUuid(described.Id);
            payload.WriteInt32(partition);
            payload.WriteInt32(_epoch);
            Write(Entry.PartitionEpoch, payload);
        }
    }

    private void RaiseEpoch()
    {
        using var payload = new WireWriter();
        payload.WriteInt32(_epoch + 1);
        Write(Entry.EpochRaised, payload);
        _epoch++;
    }

    private void Write(Entry entry, WireWriter payload)
    {
        _journal.Append((byte)entry, version: 1, payload.WrittenSpan);
        if (_settings.Options.FlushOnAck)
        {
            _journal.Flush();
        }
    }

    private static WireWriter Payload(Described described)
    {
        var payload = new WireWriter();
        payload.WriteUuid(described.Id);
        payload.WriteString(described.Name);
        payload.WriteInt32Array(described.PartitionEpochs);
        payload.WriteArrayLength(described.Overrides.Count);
        foreach (var (name, value) in described.Overrides)
        {
            payload.WriteString(name);
            payload.WriteString(value!);
        }

        return payload;
    }

    private void Replay(JournalEntry entry)
    {
        var reader = new WireReader(entry.Payload.Span, flexible: false);
        switch ((Entry)entry.Type)
        {
            case Entry.TopicCreated:
                var described = new Described(reader.ReadUuid(), reader.ReadString(), reader.ReadInt32Array(), new(StringComparer.Ordinal));
                for (var left = reader.ReadArrayLength(); left > 0; left--)
                {
                    described.Overrides[reader.ReadString()] = reader.ReadString();
                }

                _described[described.Id] = described;
                break;
            case Entry.TopicDeleted:
                _described.Remove(reader.ReadUuid());
                break;
            case Entry.EpochRaised:
                _epoch = reader.ReadInt32();
                break;
            case Entry.PartitionEpoch:
                if (_described.TryGetValue(reader.ReadUuid(), out var known))
                {
                    known.PartitionEpochs[reader.ReadInt32()] = reader.ReadInt32();
                }

                break;
            case Entry.ProducerIds:
                _producerIdsUntil = reader.ReadInt64();
                break;
            default:
                throw new InvalidDataException($"catalog.log holds an entry of type {entry.Type}, which this broker does not know.");
        }
    }
}
