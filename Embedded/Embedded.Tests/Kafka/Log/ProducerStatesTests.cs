using Embedded.Kafka.Log;
using Embedded.Kafka.Wire;
using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka.Log;

public sealed class ProducerStatesTests
{
    private readonly ProducerStates _states = new();
    private long _end;

    [Fact]
    public void The_next_sequence_is_accepted_and_a_gap_is_not()
    {
        Append(sequence: 0, count: 3);

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Check(sequence: 4, count: 1));
        Assert.Equal(ErrorCode.None, Check(sequence: 3, count: 1));
    }

    [Fact]
    public void Each_of_the_last_five_batches_is_a_duplicate_with_its_own_offset()
    {
        for (var i = 0; i < 6; i++)
        {
            Append(sequence: i * 2, count: 2);
        }

        for (var i = 1; i < 6; i++)
        {
            Assert.Equal(ErrorCode.None, _states.Check(Batch(i * 2, 2), out var duplicateOf));
            Assert.Equal(i * 2, duplicateOf);
        }

        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Check(sequence: 0, count: 2));
    }

    [Fact]
    public void Sequences_wrap()
    {
        Append(sequence: int.MaxValue - 1, count: 2);

        Assert.Equal(ErrorCode.None, Check(sequence: 0, count: 1));
        Append(sequence: 0, count: 1);
        Assert.Equal(ErrorCode.None, Check(sequence: 1, count: 1));
    }

    [Fact]
    public void A_batch_across_the_wrap_is_one_sequence_run()
    {
        Append(sequence: int.MaxValue, count: 3);

        Assert.Equal(ErrorCode.None, Check(sequence: 2, count: 1));
    }

    [Fact]
    public void An_older_epoch_is_fenced_and_a_newer_one_starts_at_zero()
    {
        Append(sequence: 5, count: 1, epoch: 3);

        Assert.Equal(ErrorCode.InvalidProducerEpoch, Check(sequence: 6, count: 1, epoch: 2));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Check(sequence: 6, count: 1, epoch: 4));
        Assert.Equal(ErrorCode.None, Check(sequence: 0, count: 1, epoch: 4));
    }

    [Fact]
    public void A_producer_unknown_or_expired_may_go_on_anywhere()
    {
        Assert.Equal(ErrorCode.None, Check(sequence: 99, count: 1));
        Append(sequence: 0, count: 1);
        _states.Expire(sinceMs: 2);

        Assert.Equal(ErrorCode.None, Check(sequence: 99, count: 1));
    }

    [Fact]
    public void A_snapshot_brings_back_the_same_answers_and_a_torn_one_none()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 7; i++)
        {
            Append(sequence: i, count: 1);
        }

        _states.Save(folder.Path, _end);
        var path = Segment.PathOf(folder.Path, _end, ProducerStates.SnapshotSuffix);

        var loaded = ProducerStates.TryLoad(folder.Path, _end)!;
        for (var sequence = 0; sequence < 9; sequence++)
        {
            Assert.Equal(_states.Check(Batch(sequence, 1), out var expected), loaded.Check(Batch(sequence, 1), out var actual));
            Assert.Equal(expected, actual);
        }

        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Null(ProducerStates.TryLoad(folder.Path, _end));
        }
    }

    private ErrorCode Check(int sequence, int count, short epoch = 0) => _states.Check(Batch(sequence, count, epoch), out _);

    private void Append(int sequence, int count, short epoch = 0)
    {
        _states.Add(Batch(sequence, count, epoch), nowMs: 1, maxProducers: 10);
        _end += count;
    }

    private RecordBatch Batch(int sequence, int count, short epoch = 0) =>
        new(_end, 100, 0, 2, 0, 0, count - 1, 0, 0, ProducerId: 7, epoch, sequence, count);
}
