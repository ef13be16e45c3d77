using Confluent.Kafka;
using Pipeline.DbConsumer;

namespace Pipeline.Tests.DbConsumer;

public sealed class ImageBatchTests
{
    private static readonly ConsumeResult<byte[], byte[]> Record = new();

    [Fact]
    public void Both_halves_of_an_image_become_one_write()
    {
        var batch = new ImageBatch();

        batch.Add(AnImage.ResultOf("a"));
        batch.Add(AnImage.Of("a"), Record);
        batch.Add(AnImage.Of("b"), Record);

        Assert.Equal(["a", "b"], batch.Upserts.Select(upsert => upsert.Id));
        Assert.True(batch.Upserts.First() is { Image: not null, Result: not null });
    }

    [Fact]
    public void The_same_image_again_is_a_repeat()
    {
        var batch = new ImageBatch();

        batch.Add(AnImage.Of("a"), Record);
        batch.Add(AnImage.Of("a"), Record);

        Assert.Equal((1, 0, 1), (batch.RepeatCount, batch.Conflicts.Count, batch.Upserts.Count));
    }

    [Theory]
    [InlineData(2, "camera-1", "ship")]
    [InlineData(1, "camera-2", "ship")]
    [InlineData(1, "camera-1", "car")]
    public void Another_image_under_the_same_id_is_a_conflict_and_the_first_stays(byte shade, string producer, string truth)
    {
        var batch = new ImageBatch();
        var first = AnImage.Of("a");
        var second = new ConsumeResult<byte[], byte[]>();

        batch.Add(first, Record);
        batch.Add(AnImage.Of("a", shade, producer, truth), second);

        Assert.Same(second, Assert.Single(batch.Conflicts).Record);
        Assert.Same(first, Assert.Single(batch.Upserts).Image);
    }

    [Fact]
    public void Of_two_results_the_last_one_counts()
    {
        var batch = new ImageBatch();

        batch.Add(AnImage.ResultOf("a", "car"));
        batch.Add(AnImage.ResultOf("a", "ship"));

        Assert.Equal("ship", Assert.Single(batch.Upserts).Result!.InferredValue);
    }
}
