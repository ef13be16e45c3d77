using Embedded.MongoDB.Wire;
using Embedded.Tests.MongoDB.Support;

namespace Embedded.Tests.MongoDB.Wire;

public sealed class FrameTests
{
    private static readonly byte[] Ping = Convert.FromHexString(
        "330000000100000000000000dd07000000000000001e0000001070696e670001000000022464620006000000" + "61646d696e0000");
    private static readonly byte[] Insert = Convert.FromHexString(
        "5e0000000200000000000000dd07000000000000001e00000002696e736572740002000000630002246462000200000074"
            + "0000012a000000646f63756d656e7473000e000000105f696400010000" + "00000e000000105f6964000200000000");
    private static readonly byte[] IsMaster = Convert.FromHexString(
        "3a0000000100000000000000d40700000400000061646d696e2e24636d640000000000ffffffff130000001069734d61737465720001000000" + "00");

    [Fact]
    public void The_published_messages_are_read_as_they_are_meant()
    {
        var ping = OpMessage.Parse(Ping);
        var insert = OpMessage.Parse(Insert);
        var hello = OpQuery.Parse(IsMaster);

        Assert.Equal(1, ping.Header.RequestId);
        Assert.Equal(Shell.Bson("{ping: 1, $db: 'admin'}"), ping.Body.ToArray());
        Assert.Equal(Shell.Bson("{insert: 'c', $db: 't'}"), insert.Body.ToArray());
        var documents = Assert.Single(insert.Sequences);
        Assert.Equal("documents", documents.Identifier);
        Assert.Equal([.. Shell.Bson("{_id: 1}"), .. Shell.Bson("{_id: 2}")], documents.Documents.ToArray());
        Assert.Equal("admin.$cmd", hello.FullCollectionName);
        Assert.Equal(Shell.Bson("{isMaster: 1}"), hello.Body.ToArray());
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        using var buffer = new PooledBuffer(16);
        var start = OpMessage.Begin(buffer, 7, 3, OpMessageFlags.MoreToCome);
        buffer.Write(Shell.Bson("{update: 'c'}"));
        foreach (var name in (string[])["updates", "more"])
        {
            var sequence = OpMessage.BeginSequence(buffer, name);
            buffer.Write(Shell.Bson($"{{of: '{name}'}}"));
            OpMessage.EndSequence(buffer, sequence);
        }

        OpMessage.End(buffer, start);
        var message = OpMessage.Parse(buffer.WrittenMemory);

        Assert.Equal(new MessageHeader(buffer.Count, 7, 3, OpCode.Message), message.Header);
        Assert.Equal(OpMessageFlags.MoreToCome, message.Flags);
        Assert.Equal(["updates", "more"], message.Sequences.Select(static sequence => sequence.Identifier));
        Assert.Equal(Shell.Bson("{of: 'more'}"), message.Sequences[1].Documents.ToArray());
    }

    [Fact]
    public void Every_strict_prefix_is_refused()
    {
        foreach (var message in (byte[][])[Ping, Insert])
        {
            for (var length = 0; length < message.Length; length++)
            {
                var prefix = message[..length];
                Assert.Throws<WireException>(() => OpMessage.Parse(prefix));
                if (length < MessageHeader.Size || length == BodyEnd(message))
                {
                    continue;
                }

                BitConverter.TryWriteBytes(prefix, length);         // a prefix that does not lie about its length
                Assert.Throws<WireException>(() => OpMessage.Parse(prefix));
            }
        }

        for (var length = MessageHeader.Size; length < IsMaster.Length; length++)
        {
            var prefix = IsMaster[..length];
            Assert.Throws<WireException>(() => OpQuery.Parse(prefix));
        }
    }

    /// <summary>Where the first section ends: a message may end there, too.</summary>
    private static int BodyEnd(byte[] message) => 21 + BitConverter.ToInt32(message, 21);

    [Fact]
    public void A_flipped_bit_gives_a_message_or_a_refusal_and_nothing_else()
    {
        foreach (var message in (byte[][])[Ping, Insert, IsMaster])
        {
            for (var bit = 0; bit < message.Length * 8; bit++)
            {
                var flipped = message.ToArray();
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                try
                {
                    if (ReferenceEquals(message, IsMaster))
                    {
                        OpQuery.Parse(flipped);
                    }
                    else
                    {
                        OpMessage.Parse(flipped);
                    }
                }
                catch (WireException)
                {
                    // Refused, as most are.
                }
            }
        }
    }

    [Fact]
    public void A_checksum_is_verified()
    {
        Assert.Equal(0xe3069283, Crc32C.Compute("123456789"u8));

        byte[] message = [.. Ping, 0, 0, 0, 0];
        BitConverter.TryWriteBytes(message, message.Length);
        message[16] = 1;
        BitConverter.TryWriteBytes(message.AsSpan(message.Length - 4), Crc32C.Compute(message.AsSpan(0, message.Length - 4)));
        Assert.Equal(Shell.Bson("{ping: 1, $db: 'admin'}"), OpMessage.Parse(message).Body.ToArray());

        message[30] ^= 1;
        Assert.Throws<WireException>(() => OpMessage.Parse(message));
    }

    [Theory]
    [InlineData(0), InlineData(15), InlineData(-1), InlineData(int.MaxValue), InlineData(48_000_001)]
    public async Task An_impossible_length_is_refused_before_anything_is_read(int length)
    {
        var message = Ping.ToArray();
        BitConverter.TryWriteBytes(message, length);
        using var frames = new FrameReader(new MemoryStream(message));

        await Assert.ThrowsAsync<WireException>(async () => await frames.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Memory_grows_with_the_bytes_that_come_and_not_with_those_announced()
    {
        var message = new byte[26];
        BitConverter.TryWriteBytes(message, 48_000_000);
        using var frames = new FrameReader(new MemoryStream(message));
        var before = GC.GetAllocatedBytesForCurrentThread();

        await Assert.ThrowsAsync<WireException>(async () => await frames.ReadAsync(CancellationToken.None));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1024 * 1024);
    }

    [Fact]
    public async Task Messages_that_come_in_pieces_or_together_are_taken_one_by_one()
    {
        var random = new Random(1);
        byte[] together = [.. Ping, .. Insert, .. Ping, .. new byte[3]];
        using var frames = new FrameReader(new Pieces(together, random));

        Assert.Equal(Ping, (await frames.ReadAsync(CancellationToken.None)).ToArray());
        Assert.Equal(Insert, (await frames.ReadAsync(CancellationToken.None)).ToArray());
        Assert.Equal(Ping, (await frames.ReadAsync(CancellationToken.None)).ToArray());
        await Assert.ThrowsAsync<WireException>(async () => await frames.ReadAsync(CancellationToken.None));
    }

    /// <summary>A stream that gives a few bytes at a time, as a network does.</summary>
    private sealed class Pieces(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, 40))], cancellationToken);
    }
}
