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

        batch.Add(AnImage.ResultOf(AnImage.Of("a")), Record);
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

        Assert.Equal((1, 1), (batch.RepeatCount, batch.Upserts.Count));
    }

    [Theory]
    [InlineData(2, "camera-1", "ship")]
    [InlineData(1, "camera-2", "ship")]
    [InlineData(1, "camera-1", "car")]
    public void Another_image_under_the_same_id_is_a_write_of_its_own_and_each_has_its_prediction(byte shade, string producer, string truth)
    {
        var batch = new ImageBatch();
        var (first, second) = (AnImage.Of("a"), AnImage.Of("a", shade, producer, truth));

        batch.Add(first, Record);
        batch.Add(second, Record);
        batch.Add(AnImage.ResultOf(second, "frog"), Record);
        batch.Add(AnImage.ResultOf(first, "car"), Record);

        Assert.Equal([(first, "car"), (second, "frog")], batch.Upserts.Select(upsert => (upsert.Image, upsert.Result!.InferredValue)));
    }

    [Fact]
    public void Of_two_results_the_last_one_counts()
    {
        var batch = new ImageBatch();

        batch.Add(AnImage.ResultOf("a", "car"), Record);
        batch.Add(AnImage.ResultOf("a", "ship"), Record);

        Assert.Equal("ship", Assert.Single(batch.Upserts).Result!.InferredValue);
    }
}
