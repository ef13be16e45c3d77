using System.Buffers.Binary;
using Embedded.Kafka;
using Embedded.Kafka.Log;
using Embedded.Kafka.Wire;

namespace Embedded.Tests.Kafka.Log;

public sealed class BatchValidationTests
{
    private const short NewestProduce = 9;
    private static readonly BrokerOptions Options = new() { DataDirectory = "unused" };

    [Fact]
    public void A_good_batch_is_accepted() => Assert.Equal(ErrorCode.None, Check(ABatch.Of("a", "b", "c").FromProducer(7).Bytes));

    [Fact]
    public void Every_strict_prefix_is_refused()
    {
        var batch = ABatch.Of("a", "b").Bytes;

        for (var length = 0; length < batch.Length; length++)
        {
            Assert.Equal(ErrorCode.InvalidRecord, Check(batch[..length]));
        }
    }

    [Fact]
    public void Every_changed_byte_after_the_offset_and_epoch_is_noticed()
    {
        var batch = ABatch.Of("a", "b").FromProducer(7).Bytes;

        // What the broker stamps itself (offset, epoch) is free; everything else is under the CRC or checked.
        foreach (var i in Enumerable.Range(8, 4).Concat(Enumerable.Range(16, batch.Length - 16)))
        {
            var changed = batch.ToArray();
            changed[i] ^= 0x40;
            Assert.NotEqual(ErrorCode.None, Check(changed));
        }
    }

    [Fact]
    public void Two_batches_for_one_partition_are_refused() =>
        Assert.Equal(ErrorCode.InvalidRecord, Check([.. ABatch.Of("a").Bytes, .. ABatch.Of("b").Bytes]));

    [Fact]
    public void An_older_format_is_refused()
    {
        var batch = ABatch.Of("a").Bytes;
        batch[16] = 1;

        Assert.Equal(ErrorCode.InvalidRecord, Check(batch));
    }

    [Fact]
    public void A_batch_over_the_topics_limit_is_too_large() =>
        Assert.Equal(ErrorCode.MessageTooLarge, Check(ABatch.OfBytes(2000).Bytes, ("max.message.bytes", "1000")));

    [Fact]
    public void A_batch_over_the_segment_size_is_too_large() =>
        Assert.Equal(ErrorCode.RecordListTooLarge, Check(ABatch.OfBytes(2000).Bytes, ("segment.bytes", "1024")));

    [Fact]
    public void A_wrong_crc_is_corrupt()
    {
        var batch = ABatch.Of("a").Bytes;
        batch[^1] ^= 1;

        Assert.Equal(ErrorCode.CorruptMessage, Check(batch));
    }

    [Theory]
    [InlineData(23, 5)]                                                      // last_offset_delta
    [InlineData(57, 0)]                                                      // records_count
    [InlineData(57, 3)]
    [InlineData(57, -1)]
    public void A_count_that_does_not_fit_is_refused(int position, int value)
    {
        var batch = ABatch.Of("a", "b").Bytes;
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(position), value);

        Assert.Equal(ErrorCode.InvalidRecord, Check(ABatch.Sealed(batch)));
    }

    [Fact]
    public void Compressed_records_are_not_opened()
    {
        for (short codec = 1; codec <= 4; codec++)
        {
            Assert.Equal(ErrorCode.None, Check(ABatch.Of("a").WithAttributes(codec).Bytes));
        }
    }

    [Fact]
    public void An_unknown_codec_is_refused() => Assert.Equal(ErrorCode.UnsupportedCompressionType, Check(ABatch.Of("a").WithAttributes(5).Bytes));

    [Fact]
    public void Zstd_needs_a_client_that_knows_it() =>
        Assert.Equal(ErrorCode.UnsupportedCompressionType,
            BatchValidation.Check(ABatch.Of("a").WithAttributes(4).Bytes, Config(), 6, ABatch.SomeTime, out _, out _));

    [Theory]
    [InlineData(1 << 5)]                                                     // control
    [InlineData(1 << 4)]                                                     // transactional without a producer
    public void What_a_client_may_not_send_is_refused(short attributes) =>
        Assert.Equal(ErrorCode.InvalidRecord, Check(ABatch.Of("a").WithAttributes(attributes).Bytes));

    [Fact]
    public void A_transactional_batch_has_no_transaction_to_belong_to() =>
        Assert.Equal(ErrorCode.InvalidTransactionState, Check(ABatch.Of("a").WithAttributes(1 << 4).FromProducer(7).Bytes));

    [Fact]
    public void A_producer_needs_a_sequence() => Assert.Equal(ErrorCode.InvalidRecord, Check(ABatch.Of("a").FromProducer(7).AtSequence(-1).Bytes));

    [Fact]
    public void A_record_whose_length_lies_is_refused_although_the_crc_is_right()
    {
        var whole = ABatch.Of("aaaa", "bbbb").Bytes;

        for (var i = RecordBatch.HeaderBytes; i < whole.Length; i++)
        {
            var changed = whole.ToArray();
            changed[i] ^= 0x3F;
            var error = Check(ABatch.Sealed(changed));
            Assert.True(error is ErrorCode.None or ErrorCode.InvalidRecord, $"{error} at {i}");
        }

        whole[RecordBatch.HeaderBytes] += 2;
        Assert.Equal(ErrorCode.InvalidRecord, Check(ABatch.Sealed(whole)));
    }

    [Fact]
    public void A_compacted_topic_names_the_records_without_a_key()
    {
        var batch = ABatch.Of("a").With(null, [1]).With("k", [2]).With(null, [3]).Bytes;

        var error = BatchValidation.Check(batch, Config(("cleanup.policy", "compact")), NewestProduce, ABatch.SomeTime, out _, out var keyless);

        Assert.Equal(ErrorCode.InvalidRecord, error);
        Assert.Equal([1, 3], keyless!);
    }

    [Theory]
    [InlineData("message.timestamp.before.max.ms", -60_001)]
    [InlineData("message.timestamp.after.max.ms", 60_001)]
    public void A_timestamp_outside_the_topics_window_is_refused(string setting, long distance)
    {
        Assert.Equal(ErrorCode.InvalidTimestamp, Check(ABatch.Of("a").At(ABatch.SomeTime + distance).Bytes, (setting, "60000")));
        Assert.Equal(ErrorCode.None, Check(ABatch.Of("a").At(ABatch.SomeTime).Bytes, (setting, "60000")));
    }

    private static ErrorCode Check(byte[] records, params (string Name, string Value)[] settings) =>
        BatchValidation.Check(records, Config(settings), NewestProduce, ABatch.SomeTime, out _, out _);

    private static TopicConfig Config(params (string Name, string Value)[] settings)
    {
        Assert.True(TopicConfig.TryCreate(Options, settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)),
            out var config, out var problem), problem);
        return config;
    }
}
