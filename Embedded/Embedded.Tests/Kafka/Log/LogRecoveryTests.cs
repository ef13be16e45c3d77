using Embedded.Hosting;
using Embedded.Kafka;
using Embedded.Kafka.Log;
using Embedded.Kafka.Wire;
using Embedded.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Embedded.Tests.Kafka.Log;

/// <summary>What a log looks like after every way a broker can stop. Each test works on files alone, without a broker.</summary>
public sealed class LogRecoveryTests : IDisposable
{
    private const int Batches = 20;
    private const long Now = ABatch.SomeTime;

    private readonly TemporaryFolder _folder = new();
    private readonly BrokerOptions _options;
    private readonly Flusher _flusher;
    private readonly TopicConfig _config;

    public LogRecoveryTests()
    {
        _options = new BrokerOptions { DataDirectory = _folder.Path };
        _flusher = new Flusher(_options, NullLogger.Instance);
        Assert.True(TopicConfig.TryCreate(_options, [KeyValuePair.Create("segment.bytes", (string?)"1024")], out _config, out _));
    }

    private string Partition => _folder.File("0");

    public void Dispose()
    {
        _flusher.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Everything_written_is_there_again(bool wasClean)
    {
        Write(wasClean);

        var recovered = Recover(wasClean);

        Assert.Equal((0, Batches * 2, false, false), (recovered.StartOffset, recovered.EndOffset, recovered.WasTruncated, recovered.IsDamaged));
        Assert.True(recovered.Segments.Length > 2);
        ReadThrough(recovered, Batches);
        Close(recovered);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(200)]
    public void Half_a_batch_at_the_end_is_cut_off(int bytes)
    {
        Write();
        File.AppendAllBytes(LastSegment(), ABatch.OfBytes(300).Bytes.AsSpan(0, bytes));

        ExpectCut(Recover(), Batches);
    }

    [Fact]
    public void Zeros_at_the_end_are_cut_off()
    {
        Write();
        File.AppendAllBytes(LastSegment(), new byte[4096]);

        ExpectCut(Recover(), Batches);
    }

    [Fact]
    public void Garbage_at_the_end_is_cut_off()
    {
        Write();
        var garbage = new byte[3000];
        new Random(1).NextBytes(garbage);
        File.AppendAllBytes(LastSegment(), garbage);

        ExpectCut(Recover(), Batches);
    }

    [Fact]
    public void A_file_that_ends_anywhere_keeps_the_whole_batches_before_it()
    {
        Write();
        var last = File.ReadAllBytes(LastSegment());
        var batch = ABatch.Of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "b").FromProducer(7).Bytes.Length;

        for (var length = 0; length < last.Length; length += 13)
        {
            File.WriteAllBytes(LastSegment(), last[..length]);
            var recovered = Recover();
            Assert.Equal(length % batch != 0, recovered.WasTruncated);
            ReadThrough(recovered, Batches - ((last.Length / batch) - (length / batch)));
            Close(recovered);
            File.WriteAllBytes(LastSegment(), last);
        }
    }

    [Fact]
    public void A_broken_batch_above_the_checkpoint_ends_the_log_and_later_segments_go()
    {
        Write();
        var first = Directory.GetFiles(Partition, "*.log").Order(StringComparer.Ordinal).First();
        Flip(first, (int)new FileInfo(first).Length - 1);

        var recovered = Recover();

        Assert.True(recovered is { WasTruncated: true, IsDamaged: false });
        Assert.Single(Directory.GetFiles(Partition, "*.log"));
        Close(recovered);
    }

    [Fact]
    public void A_broken_batch_below_the_checkpoint_is_damage_and_nothing_is_cut()
    {
        Write();
        var first = Directory.GetFiles(Partition, "*.log").Order(StringComparer.Ordinal).First();
        Flip(first, 16);

        var recovered = Recover(flushed: Batches * 2);

        Assert.True(recovered.IsDamaged);
        Close(recovered);
        var repaired = Recover(flushed: Batches * 2, configure: options => options with { Repair = true });
        Assert.True(repaired is { IsDamaged: false, WasTruncated: true, EndOffset: 0 });
        Close(repaired);
    }

    [Fact]
    public void A_full_check_finds_a_flipped_bit_that_a_header_does_not_show()
    {
        Write();
        var first = Directory.GetFiles(Partition, "*.log").Order(StringComparer.Ordinal).First();
        Flip(first, 90);

        var trusting = Recover(flushed: Batches * 2);
        Assert.False(trusting.IsDamaged);
        Close(trusting);
        var verified = Recover(flushed: Batches * 2, configure: options => options with { Verify = true });
        Assert.True(verified.IsDamaged);
        Close(verified);
    }

    [Fact]
    public void A_folder_that_held_data_and_is_gone_is_damage()
    {
        Assert.True(Recover(flushed: 5).IsDamaged);
        Assert.False(Recover(flushed: 0).IsDamaged);
    }

    [Theory]
    [InlineData("*.idx")]
    [InlineData("*.snap")]
    public void What_can_be_made_again_may_be_missing_or_torn(string pattern)
    {
        Write(clean: true);
        foreach (var path in Directory.GetFiles(Partition, pattern))
        {
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..^3]);
        }

        var recovered = Recover(wasClean: true);

        ReadThrough(recovered, Batches);
        ExpectProducerAt(recovered, Batches * 2);
        Close(recovered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Producers_are_known_again_exactly(bool wasClean)
    {
        Write(wasClean);

        var recovered = Recover(wasClean);

        ExpectProducerAt(recovered, Batches * 2);
        Close(recovered);
    }

    [Fact]
    public void Recovering_twice_finds_the_same()
    {
        Write();
        File.AppendAllBytes(LastSegment(), new byte[100]);
        Close(Recover());

        var again = Recover();

        Assert.Equal((Batches * 2, false), (again.EndOffset, again.WasTruncated));
        Close(again);
    }

    /// <summary>Twenty batches of two records from producer 7, in several segments.</summary>
    private void Write(bool clean = false)
    {
        using var log = new PartitionLog(
            new LogSettings(_options, _flusher, new Volume(_folder.Path, 0, NullLogger.Instance), NullLogger.Instance), "t", 0, 0, _config,
            RecoveredLog.Empty(Partition));
        for (var i = 0; i < Batches; i++)
        {
            var bytes = ABatch.Of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "b").FromProducer(7).AtSequence(i * 2).Bytes;
            Assert.Equal(i * 2, log.Append(bytes, RecordBatch.Read(bytes), Now).BaseOffset);
        }

        if (clean)
        {
            log.SaveState();
        }
    }

    private RecoveredLog Recover(bool wasClean = false, long flushed = 0, Func<BrokerOptions, BrokerOptions>? configure = null) =>
        new LogRecovery(wasClean, configure?.Invoke(_options) ?? _options, NullLogger.Instance).Recover(Partition, flushed, Now);

    private static void ExpectCut(RecoveredLog recovered, int batches)
    {
        Assert.True(recovered is { WasTruncated: true, IsDamaged: false });
        ReadThrough(recovered, batches);
        Close(recovered);
    }

    private static void ReadThrough(RecoveredLog recovered, int batches)
    {
        Assert.Equal(batches * 2, recovered.EndOffset);
        long offset = 0;
        foreach (var segment in recovered.Segments)
        {
            for (long position = 0; position < segment.Size;)
            {
                var batch = segment.ReadHeader(position);
                Assert.Equal(offset, batch.BaseOffset);
                Assert.True(segment.TryFindOffset(offset + 1, segment.Size, out var found, out _));
                Assert.Equal(position, found);
                offset += 2;
                position += batch.TotalBytes;
            }
        }

        Assert.Equal(batches * 2, offset);
    }

    private static void ExpectProducerAt(RecoveredLog recovered, int sequence)
    {
        var next = RecordBatch.Read(ABatch.Of("c").FromProducer(7).AtSequence(sequence).Bytes);
        var last = RecordBatch.Read(ABatch.Of("a", "b").FromProducer(7).AtSequence(sequence - 2).Bytes);

        Assert.Equal(ErrorCode.None, recovered.Producers.Check(next, out var fresh));
        Assert.Equal(ErrorCode.None, recovered.Producers.Check(last, out var duplicateOf));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, recovered.Producers.Check(next with { BaseSequence = sequence + 1 }, out _));
        Assert.Equal((-1, sequence - 2), (fresh, duplicateOf));
    }

    private string LastSegment() => Directory.GetFiles(Partition, "*.log").Order(StringComparer.Ordinal).Last();

    private static void Flip(string path, int position)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[position] ^= 0x10;
        File.WriteAllBytes(path, bytes);
    }

    private static void Close(RecoveredLog recovered) => Array.ForEach(recovered.Segments, segment => segment.Dispose());
}
