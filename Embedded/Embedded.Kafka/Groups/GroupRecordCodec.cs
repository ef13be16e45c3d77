using System.Text;

namespace Embedded.Kafka.Groups;

/// <summary>
/// The bytes of a <see cref="GroupRecord"/> in groups.log, version 1. Integers little-endian; str = UTF-8 behind a
/// 7-bit-encoded length; bytes = i32 length + bytes; time = Unix milliseconds, i64; instance id: "" = none.
/// </summary>
/// <remarks>
/// <code>
/// record       = kind:u8 group:str body
/// 1 committed  = time count:i32 { topic:str partition:i32 offset:i64 leader_epoch:i32 metadata:str }
/// 2 removed    = count:i32 { topic:str partition:i32 }
/// 3 group      = generation:i32 protocol_type:str protocol:str leader:str time count:i32 { member }
///   member     = id:str instance:str client:str host:str session_ms:i32 rebalance_ms:i32 count:i32 { name:str metadata:bytes } assignment:bytes
/// 4 group gone =
/// </code>
/// </remarks>
internal static class GroupRecordCodec
{
    public const byte Version = 1;

    private const byte Committed = 1, Removed = 2, Group = 3, GroupGone = 4;

    public static void Write(BinaryWriter to, GroupRecord record)
    {
        switch (record)
        {
            case OffsetsCommitted committed: WriteCommitted(to, committed); break;
            case OffsetsRemoved removed: WriteRemoved(to, removed); break;
            case GroupSaved saved: WriteGroup(to, saved.Snapshot); break;
            case GroupRemoved gone: WriteHead(to, GroupGone, gone.GroupId); break;
            default: throw new ArgumentException($"No layout for {record.GetType().Name}.", nameof(record));
        }
    }

    /// <exception cref="InvalidDataException">Not what this version writes. The frame's CRC was right, so this is no torn write.</exception>
    public static IEnumerable<GroupRecord> ReadAll(ReadOnlyMemory<byte> records)
    {
        using var from = new BinaryReader(new MemoryStream(records.ToArray(), writable: false), Encoding.UTF8);
        while (from.BaseStream.Position < from.BaseStream.Length)
        {
            yield return Read(from);
        }
    }

    private static GroupRecord Read(BinaryReader from)
    {
        try
        {
            var kind = from.ReadByte();
            var group = from.ReadString();
            return kind switch
            {
                Committed => new OffsetsCommitted(group, ReadTime(from), ReadList(from, ReadOffset)),
                Removed => new OffsetsRemoved(group, ReadList(from, ReadPartition)),
                Group => new GroupSaved(ReadGroup(from, group)),
                GroupGone => new GroupRemoved(group),
                _ => throw new InvalidDataException($"groups.log holds a record of kind {kind}; a later version of this broker wrote it."),
            };
        }
        catch (EndOfStreamException broken)
        {
            throw new InvalidDataException("groups.log holds a record that ends too early.", broken);
        }
    }

    private static void WriteCommitted(BinaryWriter to, OffsetsCommitted record)
    {
        WriteHead(to, Committed, record.GroupId);
        to.Write(record.CommittedAt.ToUnixTimeMilliseconds());
        to.Write(record.Offsets.Count);
        foreach (var offset in record.Offsets)
        {
            to.Write(offset.Topic);
            to.Write(offset.Partition);
            to.Write(offset.Offset);
            to.Write(offset.LeaderEpoch);
            to.Write(offset.Metadata);
        }
    }

    private static CommittedOffset ReadOffset(BinaryReader from) =>
        new(from.ReadString(), from.ReadInt32(), from.ReadInt64(), from.ReadInt32(), from.ReadString());

    private static void WriteRemoved(BinaryWriter to, OffsetsRemoved record)
    {
        WriteHead(to, Removed, record.GroupId);
        to.Write(record.Partitions.Count);
        foreach (var partition in record.Partitions)
        {
            to.Write(partition.Topic);
            to.Write(partition.Partition);
        }
    }

    private static TopicPartition ReadPartition(BinaryReader from) => new(from.ReadString(), from.ReadInt32());

    private static void WriteGroup(BinaryWriter to, GroupSnapshot group)
    {
        WriteHead(to, Group, group.GroupId);
        to.Write(group.Generation);
        to.Write(group.ProtocolType);
        to.Write(group.Protocol);
        to.Write(group.LeaderId);
        to.Write(group.ChangedAt.ToUnixTimeMilliseconds());
        to.Write(group.Members.Count);
        foreach (var member in group.Members)
        {
            WriteMember(to, member);
        }
    }

    private static GroupSnapshot ReadGroup(BinaryReader from, string groupId) => new()
    {
        GroupId = groupId,
        Generation = from.ReadInt32(),
        ProtocolType = from.ReadString(),
        Protocol = from.ReadString(),
        LeaderId = from.ReadString(),
        ChangedAt = ReadTime(from),
        Members = ReadList(from, ReadMember),
    };

    private static void WriteMember(BinaryWriter to, MemberSnapshot member)
    {
        to.Write(member.Id);
        to.Write(member.InstanceId ?? "");
        to.Write(member.ClientId);
        to.Write(member.ClientHost);
        to.Write(member.SessionTimeoutMs);
        to.Write(member.RebalanceTimeoutMs);
        to.Write(member.Protocols.Count);
        foreach (var protocol in member.Protocols)
        {
            to.Write(protocol.Name);
            WriteBytes(to, protocol.Metadata);
        }
        WriteBytes(to, member.Assignment);
    }

    private static MemberSnapshot ReadMember(BinaryReader from) => new()
    {
        Id = from.ReadString(),
        InstanceId = from.ReadString() is { Length: > 0 } instance ? instance : null,
        ClientId = from.ReadString(),
        ClientHost = from.ReadString(),
        SessionTimeoutMs = from.ReadInt32(),
        RebalanceTimeoutMs = from.ReadInt32(),
        Protocols = ReadList(from, static reader => new MemberProtocol(reader.ReadString(), ReadBytes(reader))),
        Assignment = ReadBytes(from),
    };

    private static void WriteHead(BinaryWriter to, byte kind, string groupId)
    {
        to.Write(kind);
        to.Write(groupId);
    }

    private static DateTimeOffset ReadTime(BinaryReader from) => DateTimeOffset.FromUnixTimeMilliseconds(from.ReadInt64());

    private static T[] ReadList<T>(BinaryReader from, Func<BinaryReader, T> readOne)
    {
        var list = new T[ReadCount(from)];
        for (var i = 0; i < list.Length; i++)
        {
            list[i] = readOne(from);
        }

        return list;
    }

    private static void WriteBytes(BinaryWriter to, byte[] bytes)
    {
        to.Write(bytes.Length);
        to.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader from) => from.ReadBytes(ReadCount(from));

    /// <summary>A count of things that take a byte each at least: checked before anything is allocated.</summary>
    private static int ReadCount(BinaryReader from)
    {
        var count = from.ReadInt32();
        var left = from.BaseStream.Length - from.BaseStream.Position;
        return count >= 0 && count <= left ? count : throw new InvalidDataException($"groups.log holds a count of {count} with {left} bytes left.");
    }
}
