using Pipeline.Contracts;
using Pipeline.DbConsumer;
using static Pipeline.Tests.DbConsumer.AnImage;

namespace Pipeline.Tests.DbConsumer;

public sealed class PendingImagesTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly PendingImages _pending = new();

    [Fact]
    public void Both_halves_of_an_image_become_one_write()
    {
        var (a, b) = (Of("a"), Of("b"));

        _pending.Add(ResultOf(a), Record());
        _pending.TryAdd(a, Record());
        _pending.TryAdd(b, Record());

        var due = _pending.TakeDue(DateTimeOffset.MaxValue);
        Assert.Equal(["a", "b"], due.Select(upsert => upsert.Id));
        Assert.True(due[0] is { Image: not null, Result: not null, Records.Count: 2 });
    }

    [Fact]
    public void The_same_image_again_is_a_repeat()
    {
        Assert.True(_pending.TryAdd(Of("a"), Record()));
        Assert.False(_pending.TryAdd(Of("a"), Record()));

        Assert.Single(_pending.TakeDue(DateTimeOffset.MaxValue));
    }

    [Theory]
    [InlineData(2, "camera-1", "ship")]
    [InlineData(1, "camera-2", "ship")]
    [InlineData(1, "camera-1", "car")]
    public void Another_image_under_the_same_id_is_a_write_of_its_own_and_each_has_its_prediction(byte shade, string producer, string truth)
    {
        var (first, second) = (Of("a"), Of("a", shade, producer, truth));

        _pending.TryAdd(first, Record());
        _pending.TryAdd(second, Record());
        _pending.Add(ResultOf(second, "frog"), Record());
        _pending.Add(ResultOf(first, "car"), Record());

        Assert.Equal([(first, "car"), (second, "frog")],
            _pending.TakeDue(DateTimeOffset.MaxValue).Select(upsert => (upsert.Image, upsert.Result!.InferredValue)));
    }

    [Fact]
    public void Of_two_results_the_last_one_counts_and_both_records_are_done_with_it()
    {
        _pending.Add(ResultOf("a", "car"), Record());
        _pending.Add(ResultOf("a", "ship"), Record());

        var upsert = Assert.Single(_pending.TakeDue(DateTimeOffset.MaxValue));
        Assert.Equal(("ship", 2), (upsert.Result!.InferredValue, upsert.Records.Count));
    }

    [Fact]
    public void While_no_prediction_comes_images_are_written_at_once()
    {
        _pending.TryAdd(Of("a"), Record(Noon));

        Assert.Single(_pending.TakeDue(Noon));
        Assert.Null(_pending.NextDueAt);
    }

    [Fact]
    public void While_predictions_come_an_image_waits_for_its_own()
    {
        var image = Of("a");
        Add("other", Noon);
        _pending.TakeDue(Noon);

        _pending.TryAdd(image, Record(Noon));
        Assert.Empty(_pending.TakeDue(Noon + Moment));
        Assert.True(Assert.Single(_pending.WaitingBytes).Bytes >= image.Picture.Data.Length);

        _pending.Add(ResultOf(image), Record(Noon + Moment));
        Assert.True(Assert.Single(_pending.TakeDue(Noon + Moment)) is { Image: not null, Result: not null });
        Assert.Equal((0, null), (Assert.Single(_pending.WaitingBytes).Bytes, _pending.NextDueAt));
    }

    [Fact]
    public void But_it_does_not_wait_for_ever_although_others_come()
    {
        _pending.TryAdd(Of("a"), Record(Noon));
        var due = Noon + PendingImages.PatienceWithPartition;
        for (var at = Noon; at < due; at += PendingImages.Patience)
        {
            Add($"another at {at}", at);
            Assert.DoesNotContain("a", _pending.TakeDue(at).Select(upsert => upsert.Id));
        }
        Add("the last", due - Moment);
        _pending.TakeDue(due - Moment);
        Assert.Equal(due, _pending.NextDueAt);

        Assert.Equal("a", Assert.Single(_pending.TakeDue(due)).Id);
    }

    [Fact]
    public void It_waits_longer_while_the_images_before_it_get_theirs()
    {
        CapturedImage[] images = [Of("a"), Of("b"), Of("c")];
        Add("other", Noon);
        _pending.TakeDue(Noon);
        Array.ForEach(images, image => _pending.TryAdd(image, Record(Noon)));

        var at = Noon;
        foreach (var image in images)
        {
            at += PendingImages.Patience - Moment;
            Add($"another at {at}", at);
            _pending.Add(ResultOf(image), Record(at));
            Assert.Equal(image.Id, Assert.Single(_pending.TakeDue(at), upsert => upsert.Digest is not null).Id);
        }
        Assert.Null(_pending.NextDueAt);
    }

    [Fact]
    public void It_waits_no_longer_when_one_that_came_much_later_has_got_its_own()
    {
        var later = Of("b");
        Add("other", Noon);
        _pending.TryAdd(Of("a"), Record(Noon));
        _pending.TakeDue(Noon);
        Add("another", Noon + PendingImages.Patience - Moment);
        _pending.TryAdd(later, Record(Noon + PendingImages.Patience));
        _pending.Add(ResultOf(later), Record(Noon + PendingImages.Patience));

        Assert.Equal(["b", "another", "a"], _pending.TakeDue(Noon + PendingImages.Patience).Select(upsert => upsert.Id).OrderByDescending(id => id));
    }

    [Fact]
    public void When_predictions_cease_nothing_waits_any_longer()
    {
        Add("other", Noon);
        _pending.TryAdd(Of("a"), Record(Noon + PendingImages.Patience - Moment));
        Assert.Single(_pending.TakeDue(Noon + PendingImages.Patience - Moment));

        Assert.Equal(Noon + PendingImages.Patience, _pending.NextDueAt);
        Assert.Single(_pending.TakeDue(Noon + PendingImages.Patience));
    }

    [Fact]
    public void A_prediction_waits_for_its_image_while_images_come_but_not_for_ever()
    {
        var image = Of("a");
        _pending.TryAdd(Of("other"), Record(Noon));
        _pending.Add(ResultOf(image), Record(Noon));
        Assert.Empty(_pending.TakeDue(Noon + Moment));
        Assert.Equal(Noon + PendingImages.Patience, _pending.NextDueAt);

        _pending.TryAdd(image, Record(Noon + Moment));
        Assert.True(Assert.Single(_pending.TakeDue(Noon + Moment)) is { Image: not null, Result: not null });

        _pending.Add(ResultOf(Of("b")), Record(Noon + Moment));
        Assert.Contains("b", _pending.TakeDue(Noon + Moment + PendingImages.Patience).Select(upsert => upsert.Id));
    }

    [Fact]
    public void A_prediction_of_an_image_that_was_written_alone_waits_for_nothing()
    {
        var image = Of("a");
        _pending.TryAdd(image, Record(Noon));
        Assert.Single(_pending.TakeDue(Noon));

        _pending.Add(ResultOf(image), Record(Noon + Moment));
        Assert.Single(_pending.TakeDue(Noon + Moment));
    }

    [Fact]
    public void Nor_does_an_image_whose_prediction_was_written_alone()
    {
        var image = Of("a");
        _pending.Add(ResultOf(image), Record(Noon));
        Assert.Single(_pending.TakeDue(Noon));

        _pending.TryAdd(image, Record(Noon + Moment));
        Assert.Single(_pending.TakeDue(Noon + Moment));
    }

    [Fact]
    public void Where_all_wait_in_vain_none_waits_for_a_while()
    {
        Add("other", Noon);
        for (var i = 0; i < PendingImages.MaxInVain; i++)
        {
            _pending.TryAdd(Of($"{i}"), Record(Noon));
        }
        _pending.TakeDue(Noon);
        var later = Noon + PendingImages.PatienceWithPartition;
        Add("another", later);
        Assert.Equal(PendingImages.MaxInVain + 1, _pending.TakeDue(later).Count);

        _pending.TryAdd(Of("a"), Record(later));
        Assert.Single(_pending.TakeDue(later + Moment));

        var rested = later + PendingImages.Rest;
        Add("a third", rested);
        _pending.TryAdd(Of("b"), Record(rested));
        Assert.Equal("a third", Assert.Single(_pending.TakeDue(rested)).Id);
    }

    private void Add(string id, DateTimeOffset at) => _pending.Add(ResultOf(id), Record(at));
}
