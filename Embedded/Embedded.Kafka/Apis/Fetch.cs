using System.Buffers.Binary;
using Embedded.Kafka.Log;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>Fetch (key 1), v4–12. Sends whole record batches from an offset on, or waits until there are enough.</summary>
/// <remarks>
/// v5 log start offset · v7 fetch sessions · v9 leader epoch · v11 rack, preferred replica · v12 flexible, last fetched epoch.
/// Batches leave as they are stored, read from the file straight into the answer. A fetch that finds too little waits without a thread
/// or a buffer; the append that satisfies it completes it. Not done: sessions (every request is served as a full one and answered
/// session 0), rack, aborted transactions (there are no transactions yet).
/// Errors: UNKNOWN_TOPIC_OR_PARTITION, OFFSET_OUT_OF_RANGE, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, KAFKA_STORAGE_ERROR,
/// FETCH_SESSION_ID_NOT_FOUND.
/// Source: Apache Kafka message schemas, FetchRequest and FetchResponse; KIP-227, KIP-320, KIP-595.
/// </remarks>
internal static class Fetch
{
    private const int MaxWaitMs = 300_000;
    private const int NoEpoch = -1;

    /// <summary>About what a partition's answer takes besides records, to size the buffer once.</summary>
    private const int PartitionOverheadBytes = 64;

    private sealed class Request
    {
        public int WaitMs;
        public int MinBytes;
        public int MaxBytes;
        public bool ReadCommitted;
        public bool IsUnknownSession;
        public readonly List<(string Name, int Count)> Topics = [];
        public readonly List<PartitionFetch> Partitions = [];
        public long Bytes;
        public long Available;
        public bool HasAnswer;
    }

    /// <summary>One partition of the request, and what there is to send for it.</summary>
    private sealed class PartitionFetch
    {
        public int Index;
        public PartitionLog? Log;
        public int CurrentEpoch;
        public int LastFetchedEpoch;
        public long Offset;
        public int MaxBytes;
        public ErrorCode Error;
        public LogView? View;
        public LogSlice Slice;
        public (int Epoch, long EndOffset)? Diverging;
    }

    public static async ValueTask HandleAsync(Call call)
    {
        var request = Read(call.Body, call.Version, call.Broker);
        if (!request.IsUnknownSession && !IsSatisfied(request))
        {
            await WaitAsync(call, request);
        }

        Write(call.Reply, call.Version, request);
    }

    /// <summary>Waits for appends until there is enough, the time is up, or the client or the broker goes.</summary>
    private static async ValueTask WaitAsync(Call call, Request request)
    {
        var waiter = new FetchWaiter();
        using var deadline = call.Broker.Time.CreateTimer(static state => ((FetchWaiter)state!).Expire(), waiter,
            TimeSpan.FromMilliseconds(request.WaitMs), Timeout.InfiniteTimeSpan);
        using var gone = call.CancellationToken.UnsafeRegister(static state => ((FetchWaiter)state!).Wake(), waiter);
        foreach (var partition in request.Partitions)
        {
            partition.Log?.Waiters.Add(waiter);
        }

        try
        {
            while (true)
            {
                waiter.Rearm();                                              // before looking: what comes after the look wakes us
                if (IsSatisfied(request) || waiter.IsExpired || call.CancellationToken.IsCancellationRequested)
                {
                    return;
                }

                await waiter.WaitAsync();
            }
        }
        finally
        {
            foreach (var partition in request.Partitions)
            {
                partition.Log?.Waiters.Remove(waiter);
            }
        }
    }

    /// <summary>Looks at every partition, and decides whether the answer can go.</summary>
    private static bool IsSatisfied(Request request)
    {
        (request.Bytes, request.Available, request.HasAnswer) = (0, 0, false);
        foreach (var partition in request.Partitions)
        {
            Plan(partition, request);
            request.Bytes += partition.Slice.Length;
            request.Available += Math.Min(partition.Slice.Available, Math.Max(partition.MaxBytes, partition.Slice.Length));
            request.HasAnswer |= partition.Error != ErrorCode.None || partition.Diverging is not null;
        }

        return request.HasAnswer || request.WaitMs <= 0 || request.Partitions.Count == 0
            || request.Available >= Math.Min(request.MinBytes, Math.Max(request.MaxBytes, 1));
    }

    private static void Plan(PartitionFetch partition, Request request)
    {
        (partition.Slice, partition.Diverging, partition.View) = (default, null, partition.Log?.Current);
        if (partition.Log is not { } log || partition.View is not { } view)
        {
            partition.Error = ErrorCode.UnknownTopicOrPartition;
            return;
        }

        partition.Error = LeaderEpoch.Check(log, partition.CurrentEpoch);
        if (partition.Error != ErrorCode.None)
        {
            return;
        }

        if (partition.LastFetchedEpoch >= 0 && partition.LastFetchedEpoch != log.LeaderEpoch && !log.IsDeleted && !log.IsOffline)
        {
            partition.Diverging = Divergence(log, view, partition.LastFetchedEpoch, partition.Offset);
            if (partition.Diverging is not null)
            {
                return;
            }
        }

        var budget = Math.Min(partition.MaxBytes, request.MaxBytes - request.Bytes);
        partition.Error = log.Plan(view, partition.Offset, Math.Max(budget, 0), first: request.Bytes == 0, out partition.Slice);
    }

    /// <summary>The client's last record is of an epoch that ended here before its offset: its log and ours have parted.</summary>
    private static (int Epoch, long EndOffset)? Divergence(PartitionLog log, LogView view, int lastFetchedEpoch, long offset)
    {
        try
        {
            var end = log.EndOfEpoch(view, lastFetchedEpoch);
            return end.Epoch >= 0 && (end.Epoch < lastFetchedEpoch || end.EndOffset < offset) ? end : null;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return null;                                                     // the fetch itself will meet the same trouble, and say so
        }
    }

    private static Request Read(WireReader body, short version, Broker broker)
    {
        body.ReadInt32();                                                    // replica_id: everyone is a consumer here
        var request = new Request
        {
            WaitMs = Math.Min(body.ReadInt32(), MaxWaitMs),
            MinBytes = body.ReadInt32(),
            MaxBytes = Math.Min(body.ReadInt32(), broker.Options.FetchMaxBytes),
            ReadCommitted = body.ReadInt8() == 1,
        };
        if (version >= 7)
        {
            var sessionId = body.ReadInt32();
            var sessionEpoch = body.ReadInt32();
            request.IsUnknownSession = sessionId != 0 && sessionEpoch != -1;
        }

        for (var topics = body.ReadArrayLength(); topics > 0; topics--)
        {
            var name = body.ReadStringBytes();
            var topic = broker.Topics.Find(name);
            var partitions = body.ReadArrayLength(minElementBytes: 16);
            request.Topics.Add((topic?.Name ?? System.Text.Encoding.UTF8.GetString(name), partitions));
            for (; partitions > 0; partitions--)
            {
                request.Partitions.Add(ReadPartition(ref body, version, topic));
            }

            body.SkipTags();
        }

        for (var forgotten = version >= 7 ? body.ReadArrayLength() : 0; forgotten > 0; forgotten--)
        {
            body.ReadStringBytes();
            for (var partitions = body.ReadArrayLength(sizeof(int)); partitions > 0; partitions--)
            {
                body.ReadInt32();
            }

            body.SkipTags();
        }

        if (version >= 11)
        {
            body.ReadStringBytes();                           // rack_id
        }

        body.SkipTags();
        return request;
    }

    private static PartitionFetch ReadPartition(ref WireReader body, short version, Topic? topic)
    {
        var partition = new PartitionFetch { Index = body.ReadInt32() };
        partition.Log = topic?.Partition(partition.Index);
        partition.CurrentEpoch = version >= 9 ? body.ReadInt32() : NoEpoch;
        partition.Offset = body.ReadInt64();
        partition.LastFetchedEpoch = version >= 12 ? body.ReadInt32() : NoEpoch;
        if (version >= 5)
        {
            body.ReadInt64();                                  // log_start_offset: a follower's
        }

        partition.MaxBytes = body.ReadInt32();
        body.SkipTags();
        return partition;
    }

    private static void Write(WireWriter reply, short version, Request request)
    {
        reply.EnsureFree((int)request.Bytes + (PartitionOverheadBytes * (request.Partitions.Count + 1)));
        reply.WriteInt32(0);                                                 // throttle_time_ms
        if (version >= 7)
        {
            reply.WriteError(request.IsUnknownSession ? ErrorCode.FetchSessionIdNotFound : ErrorCode.None);
            reply.WriteInt32(0);                                             // session_id
        }

        var topics = request.IsUnknownSession ? [] : request.Topics;
        var next = 0;
        reply.WriteArrayLength(topics.Count);
        foreach (var (name, count) in topics)
        {
            reply.WriteString(name);
            reply.WriteArrayLength(count);
            for (var i = 0; i < count; i++)
            {
                WritePartition(reply, version, request, request.Partitions[next++]);
            }

            reply.WriteTags();
        }

        reply.WriteTags();
    }

    private static void WritePartition(WireWriter reply, short version, Request request, PartitionFetch partition)
    {
        var view = partition.Error == ErrorCode.None ? partition.View : null;
        var start = reply.Length;
        reply.WriteInt32(partition.Index);
        reply.WriteError(ErrorFor(partition.Error, version));
        reply.WriteInt64(view?.HighWatermark ?? -1);
        reply.WriteInt64(view?.HighWatermark ?? -1);                         // last_stable_offset: no transaction is ever open
        if (version >= 5)
        {
            reply.WriteInt64(view?.StartOffset ?? -1);
        }

        if (request.ReadCommitted && view is not null)
        {
            reply.WriteArrayLength(0);            // aborted_transactions
        }
        else
        {
            reply.WriteNullArray();
        }

        if (version >= 11)
        {
            reply.WriteInt32(-1);                             // preferred_read_replica
        }

        if (!TryWriteRecords(reply, partition.Slice))
        {
            // Retention took the segment between the look and the read.
            reply.Truncate(start);
            partition.Error = ErrorCode.OffsetOutOfRange;
            partition.Slice = default;
            WritePartition(reply, version, request, partition);
            return;
        }

        WriteDiverging(reply, partition.Diverging);
    }

    /// <summary>Reads the file into the answer, behind a length that is known for certain only afterwards.</summary>
    private static bool TryWriteRecords(WireWriter reply, LogSlice slice)
    {
        var start = reply.Length;
        var lengthBytes = reply.Flexible ? WireWriter.SizeOfUnsignedVarInt((uint)slice.Length + 1) : sizeof(int);
        var records = reply.Reserve(lengthBytes + slice.Length)[lengthBytes..];
        int count;
        try
        {
            count = slice.Read(records);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }

        if (reply.Flexible && WireWriter.SizeOfUnsignedVarInt((uint)count + 1) is var needed && needed != lengthBytes)
        {
            records[..count].CopyTo(reply.From(start)[needed..]);            // a cut at a batch's end made the length a byte shorter
        }

        reply.Truncate(start);
        if (reply.Flexible)
        {
            reply.WriteUnsignedVarInt((uint)count + 1);
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(reply.Reserve(sizeof(int)), count);
        }

        reply.Reserve(count);                                                // already in place
        return true;
    }

    /// <summary>Tag 0: the client's log has left ours; it ends with this epoch at this offset.</summary>
    private static void WriteDiverging(WireWriter reply, (int Epoch, long EndOffset)? diverging)
    {
        if (diverging is not var (epoch, endOffset))
        {
            reply.WriteTags();
            return;
        }

        const uint Tag = 0;
        const uint Size = sizeof(int) + sizeof(long) + 1;
        reply.WriteUnsignedVarInt(1);
        reply.WriteUnsignedVarInt(Tag);
        reply.WriteUnsignedVarInt(Size);
        reply.WriteInt32(epoch);
        reply.WriteInt64(endOffset);
        reply.WriteTags();
    }

    /// <summary>Clients before v6 do not know the storage error; this one makes them come back too.</summary>
    private static ErrorCode ErrorFor(ErrorCode error, short version) =>
        error == ErrorCode.KafkaStorageError && version < 6 ? ErrorCode.NotLeaderOrFollower : error;
}
