using System.Text;
using Embedded.Kafka.Log;
using Embedded.Kafka.Wire;

namespace Embedded.Tests.Kafka.Wire;

/// <summary>Bytes that are right by the published protocol, both ways.</summary>
public sealed class WireVectorTests
{
    private const string OneRecord =
        "00000000 00000000 00000042 00000000 02 6a5a13dd 0000 00000000 0000018bcfe56800 0000018bcfe56800 ffffffffffffffff ffff ffffffff 00000001 20000000026b0a68656c6c6f0202680278";

    private const string NullKeyAndValue =
        "00000000 00000000 00000038 00000000 02 c428857f 0000 00000000 0000018bcfe56800 0000018bcfe56800 ffffffffffffffff ffff ffffffff 00000001 0c000000010100";

    private const string CommitMarker =
        "00000000 00000007 00000042 00000000 02 03b9c2ab 0030 00000000 0000018bcfe56800 0000018bcfe56800 00000000000003e9 0000 ffffffff 00000001 20000000080000 00010c000000000000 00";

    [Fact]
    public void Crc32C_of_the_check_string() => Assert.Equal(0xe3069283u, Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")));

    [Theory]
    [InlineData(0, "00")]
    [InlineData(-1, "01")]
    [InlineData(1, "02")]
    [InlineData(-2, "03")]
    [InlineData(63, "7e")]
    [InlineData(64, "8001")]
    [InlineData(300, "d804")]
    [InlineData(-300, "d704")]
    [InlineData(int.MaxValue, "feffffff0f")]
    [InlineData(int.MinValue, "ffffffff0f")]
    public void Zigzag_varints(int value, string hex)
    {
        var narrow = new WireReader(Convert.FromHexString(hex), flexible: false);
        var wide = new WireReader(Convert.FromHexString(hex), flexible: false);

        Assert.Equal(value, narrow.ReadVarInt());
        Assert.Equal(value, wide.ReadVarLong());
    }

    [Theory]
    [InlineData(127u, "7f")]
    [InlineData(128u, "8001")]
    [InlineData(300u, "ac02")]
    [InlineData(16384u, "808001")]
    [InlineData(uint.MaxValue, "ffffffff0f")]
    public void Unsigned_varints(uint value, string hex)
    {
        using var writer = new WireWriter();
        writer.WriteUnsignedVarInt(value);
        var reader = new WireReader(Convert.FromHexString(hex), flexible: true);

        Assert.Equal(hex, Convert.ToHexStringLower(writer.WrittenSpan));
        Assert.Equal(hex.Length / 2, WireWriter.SizeOfUnsignedVarInt(value));
        Assert.Equal(value, reader.ReadUnsignedVarInt());
    }

    [Theory]
    [InlineData("ffffffff10")]
    [InlineData("ffffffffff")]
    [InlineData("80")]
    public void A_varint_of_more_than_32_bits_is_refused(string hex) =>
        Assert.Throws<ProtocolException>(() => new WireReader(Convert.FromHexString(hex), flexible: true).ReadUnsignedVarInt());

    [Theory]
    [InlineData(OneRecord, 78)]
    [InlineData(NullKeyAndValue, 68)]
    public async Task Batches_of_the_specification_are_valid_and_stored_unchanged(string hex, int size)
    {
        var batch = Hex(hex);
        await using var running = await RunningBroker.StartAsync();
        await using var client = await KafkaSocket.ConnectAsync(running.Broker.Port);
        await client.AskAsync(Requests.Metadata, 4, Requests.ToMetadata(create: true, "t"));

        var produced = await client.AskAsync(Requests.Produce, 7, Requests.ToProduce("t", 0, batch));
        var fetched = await client.AskAsync(Requests.Fetch, 11, Requests.ToFetch("t", 0, 0));

        Assert.Equal(size, batch.Length);
        Assert.Equal(0, produced.OnlyPartition().Number("error_code"));
        Assert.Equal(Convert.ToHexString(batch), Convert.ToHexString((byte[])fetched.OnlyPartition()["records"]!));
    }

    [Fact]
    public void A_commit_marker_is_read_and_its_crc_holds()
    {
        var bytes = Hex(CommitMarker);

        var batch = RecordBatch.Read(bytes);

        Assert.True(RecordBatch.HasGoodCrc(bytes));
        Assert.True(batch.IsControl && batch.IsTransactional);
        Assert.Equal((7L, 1001L, (short)0, -1), (batch.BaseOffset, batch.ProducerId, batch.ProducerEpoch, batch.BaseSequence));
    }

    [Fact]
    public async Task ApiVersions_as_librdkafka_sends_it_is_answered_with_a_header_of_version_0()
    {
        await using var running = await RunningBroker.StartAsync();
        await using var client = await KafkaSocket.ConnectAsync(running.Broker.Port);

        await client.SendRawAsync(Hex("00000024 0012 0003 00000001 0007 72646b61666b61 00 0b6c696272646b61666b61 06322e302e32 00"));
        var answer = await client.ReceiveFrameAsync();

        Assert.Equal("00000001" + "0000" + "10" + "00000000000900", Convert.ToHexStringLower(answer!)[..28]);
    }

    [Fact]
    public async Task ApiVersions_of_a_version_yet_to_come_is_answered_with_the_range_to_come_back_in()
    {
        await using var running = await RunningBroker.StartAsync();
        await using var client = await KafkaSocket.ConnectAsync(running.Broker.Port);

        await client.SendRawAsync(Hex("00000012 0012 0009 00000001 0000 ffffffffffffffff"));
        var answer = await client.ReceiveFrameAsync();

        Assert.Equal(Convert.ToHexString(Hex("00000001 0023 00000001 0012 0000 0004")), Convert.ToHexString(answer!));
    }

    [Fact]
    public void Heartbeat_version_4_error_27()
    {
        using var writer = new WireWriter { Flexible = true };
        writer.WriteInt32(9);
        writer.WriteTags();
        Embedded.Kafka.Apis.Heartbeat.Write(writer, 4, ErrorCode.RebalanceInProgress);

        Assert.Equal(Convert.ToHexString(Hex("00000009 00 00000000 001b 00")), Convert.ToHexString(writer.WrittenSpan));
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
}
