using Embedded.Kafka;
using Embedded.Kafka.Apis;
using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;

namespace Embedded.Tests.Kafka.Wire;

/// <summary>Every group API in every version, held against the layouts: whole messages are understood, cut ones refused, answers decodable.</summary>
public sealed class GroupApiCodecTests
{
    private const int MessagesEach = 12;

    private delegate object Reading(ref WireReader body, short version);

    private static readonly Dictionary<short, Reading> Readers = new()
    {
        [8] = (ref WireReader body, short version) => OffsetCommit.Read(ref body, version),
        [9] = (ref WireReader body, short version) => OffsetFetch.Read(ref body, version),
        [11] = (ref WireReader body, short version) => JoinGroup.Read(ref body, version),
        [12] = (ref WireReader body, short version) => Heartbeat.Read(ref body, version),
        [13] = (ref WireReader body, short version) => LeaveGroup.Read(ref body, version),
        [14] = (ref WireReader body, short version) => SyncGroup.Read(ref body, version),
    };

    public static TheoryData<short, short> EveryVersion
    {
        get
        {
            var data = new TheoryData<short, short>();
            foreach (var key in Readers.Keys)
            {
                for (var version = ApiTable.Find(key)!.MinVersion; version <= ApiTable.Find(key)!.MaxVersion; version++)
                {
                    data.Add(key, version);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(EveryVersion))]
    public void The_table_agrees_with_the_layouts(short key, short version)
    {
        var (api, layout) = (ApiTable.Find(key)!, MessageLayout.Of(key));

        Assert.Equal((layout.MinVersion, layout.MaxVersion, layout.Name), (api.MinVersion, api.MaxVersion, api.Name));
        Assert.Equal(layout.IsFlexible(version), api.IsFlexible(version));
    }

    [Theory]
    [MemberData(nameof(EveryVersion))]
    public void A_request_is_read_to_its_last_byte_and_every_strict_prefix_is_refused(short key, short version)
    {
        var layout = MessageLayout.Of(key);
        var codec = new LayoutCodec(layout, version);
        for (var seed = 0; seed < MessagesEach; seed++)
        {
            var bytes = codec.Encode(layout.Request, codec.Random(layout.Request, new Random(seed)));
            Assert.Equal(0, LeftAfterReading(key, version, bytes));
            for (var length = 0; length < bytes.Length; length++)
            {
                var prefix = bytes[..length];
                Assert.Throws<ProtocolException>(() => LeftAfterReading(key, version, prefix));
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryVersion))]
    public void Damaged_requests_are_read_or_refused_and_nothing_else(short key, short version)
    {
        var layout = MessageLayout.Of(key);
        var codec = new LayoutCodec(layout, version);
        var random = new Random(key * 100 + version);
        for (var i = 0; i < 500; i++)
        {
            var bytes = codec.Encode(layout.Request, codec.Random(layout.Request, random));
            for (var flips = random.Next(1, 4); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try { LeftAfterReading(key, version, bytes); }
            catch (ProtocolException) { }
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    public void Fields_mean_what_the_layout_says(short key)
    {
        var layout = MessageLayout.Of(key);
        for (var version = layout.MinVersion; version <= layout.MaxVersion; version++)
        {
            var codec = new LayoutCodec(layout, version);
            var message = codec.Random(layout.Request, new Random(version));
            var reader = new WireReader(codec.Encode(layout.Request, message), layout.IsFlexible(version));
            if (key == 8)
            {
                CheckCommit(OffsetCommit.Read(ref reader, version), message);
            }
            else
            {
                CheckFetch(OffsetFetch.Read(ref reader, version), message);
            }
        }
    }

    [Fact]
    public void A_join_request_means_what_the_layout_says()
    {
        var layout = MessageLayout.Of(11);
        for (short version = 0; version <= 9; version++)
        {
            var codec = new LayoutCodec(layout, version);
            var message = codec.Random(layout.Request, new Random(version));
            var reader = new WireReader(codec.Encode(layout.Request, message), layout.IsFlexible(version));
            var request = JoinGroup.Read(ref reader, version);

            Assert.Equal(message["group_id"], request.GroupId);
            Assert.Equal(message["member_id"], request.MemberId);
            Assert.Equal(message["session_timeout_ms"], (long)request.SessionTimeoutMs);
            Assert.Equal(message.GetValueOrDefault("rebalance_timeout_ms") ?? message["session_timeout_ms"], (long)request.RebalanceTimeoutMs);
            Assert.Equal(message.GetValueOrDefault("group_instance_id"), request.InstanceId);
            Assert.Equal(message["protocol_type"], request.ProtocolType);
            Assert.Equal(message.Messages("protocols").Select(each => each["name"]), request.Protocols.Select(each => each.Name));
            Assert.Equal(message.Messages("protocols").Select(each => each["metadata"]), request.Protocols.Select(each => each.Metadata));
            Assert.Equal((version >= 4, version >= 9), (request.CanAskAgain, request.CanSkipAssignment));
        }
    }

    [Theory]
    [MemberData(nameof(EveryVersion))]
    public void Answers_decode_by_the_layout_with_nothing_left_over(short key, short version)
    {
        var layout = MessageLayout.Of(key);
        using var reply = new WireWriter { Flexible = layout.IsFlexible(version) };

        WriteAnswer(key, version, reply);

        var answer = new LayoutCodec(layout, version).Decode(layout.Answer, reply.Written);
        if (key == 11)
        {
            Assert.Equal((7L, "range", "leader"), (answer["generation_id"], answer["protocol_name"], answer["leader"]));
            Assert.Equal(["leader", "m"], answer.Messages("members").Select(member => member["member_id"]));
        }
        if (key == 9)
        {
            Assert.Equal(
                [5L, -1L], answer.Messages("topics").SelectMany(topic => topic.Messages("partitions")).Select(each => each["committed_offset"]));
        }

        if (key == 8)
        {
            Assert.Equal(
                [0L, 3L, 12L], answer.Messages("topics").SelectMany(topic => topic.Messages("partitions")).Select(each => each["error_code"]));
        }

        if (key == 13 && version < 3)
        {
            Assert.Equal(25L, answer["error_code"]);
        }

        if (key == 13 && version >= 3)
        {
            Assert.Equal([25L, 0L], answer.Messages("members").Select(member => member["error_code"]));
        }

        if (key == 14)
        {
            Assert.Equal(new byte[] { 1, 2, 3 }, answer["assignment"]);
        }

        if (key == 12)
        {
            Assert.Equal(27L, answer["error_code"]);
        }
    }

    [Fact]
    public void A_refused_join_is_written_as_clients_expect_it()
    {
        var layout = MessageLayout.Of(11);
        for (short version = 0; version <= 9; version++)
        {
            using var reply = new WireWriter { Flexible = layout.IsFlexible(version) };

            JoinGroup.Write(reply, version, new JoinAnswer { Error = ErrorCode.MemberIdRequired, MemberId = "new" });

            var answer = new LayoutCodec(layout, version).Decode(layout.Answer, reply.Written);
            Assert.Equal((79L, -1L, "", "new"), (answer["error_code"], answer["generation_id"], answer["leader"], answer["member_id"]));
            Assert.Equal(version >= 7 ? null : "", answer["protocol_name"]);
        }
    }

    private static int LeftAfterReading(short key, short version, byte[] bytes)
    {
        var reader = new WireReader(bytes, MessageLayout.Of(key).IsFlexible(version));
        Readers[key](ref reader, version);
        return reader.Remaining;
    }

    private static void CheckCommit(OffsetCommit.Request request, Message message)
    {
        Assert.Equal(message["group_id"], request.GroupId);
        Assert.Equal((message["member_id"], message["generation_id"], message.GetValueOrDefault("group_instance_id")),
            (request.Member.MemberId, (long)request.Member.Generation, request.Member.InstanceId));
        var expected = from topic in message.Messages("topics")
                       from each in topic.Messages("partitions")
                       select ((string)topic["name"]!, (long)each["partition_index"]!, (long)each["committed_offset"]!,
                           each.TryGetValue("committed_leader_epoch", out var epoch) ? (long)epoch! : -1, (string?)each["committed_metadata"] ?? "");
        Assert.Equal(expected, request.Topics.SelectMany(topic => topic.Offsets)
            .Select(offset => (offset.Topic, (long)offset.Partition, offset.Offset, (long)offset.LeaderEpoch, offset.Metadata)));
    }

    private static void CheckFetch(OffsetFetch.Request request, Message message)
    {
        Assert.Equal(message["group_id"], request.GroupId);
        Assert.Equal(message["topics"] is null, request.Topics is null);
        if (request.Topics is null)
        {
            return;
        }

        Assert.Equal(message.Messages("topics").Select(topic => topic["name"]), request.Topics.Select(topic => topic.Name));
        Assert.Equal(message.Messages("topics").SelectMany(topic => topic.List("partition_indexes")),
            request.Topics.SelectMany(topic => topic.Partitions.Select(each => (object)(long)each)));
    }

    private static void WriteAnswer(short key, short version, WireWriter reply)
    {
        switch (key)
        {
            case 8:
                var request = new OffsetCommit.Request(
                    "g", default, [new("a", [new("a", 0, 1, 1, ""), new("a", 1, 1, 1, "")]), new("b", [new("b", 0, 1, 1, "")])]);
                OffsetCommit.Write(reply, version, request, [ErrorCode.None, ErrorCode.UnknownTopicOrPartition, ErrorCode.OffsetMetadataTooLarge]);
                break;
            case 9:
                OffsetFetch.Write(
                    reply, version, [new("a", [new(0, new StoredOffset(5, 2, "m", default)), new(1, new StoredOffset(-1, -1, "", default))])]);
                break;
            case 11:
                JoinGroup.Write(reply, version, new JoinAnswer
                {
                    Generation = 7,
                    ProtocolType = "consumer",
                    Protocol = "range",
                    LeaderId = "leader",
                    MemberId = "leader",
                    Members = [new("leader", null, [1]), new("m", "i", [])],
                });
                break;
            case 12: Heartbeat.Write(reply, version, ErrorCode.RebalanceInProgress); break;
            case 13: LeaveGroup.Write(reply, version, [new("m", null), new("", "i")], [ErrorCode.UnknownMemberId, ErrorCode.None]); break;
            case 14: SyncGroup.Write(reply, version, new SyncAnswer(ErrorCode.None, "consumer", "range", [1, 2, 3])); break;
        }
    }
}
