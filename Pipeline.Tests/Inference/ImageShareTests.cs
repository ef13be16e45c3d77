using System.Globalization;
using Pipeline.Inference;

namespace Pipeline.Tests.Inference;

public sealed class ImageShareTests
{
    private static readonly string[] Counted = [.. Enumerable.Range(1, 10_000).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.25, 2_300, 2_700)]
    [InlineData(0.5, 4_800, 5_200)]
    [InlineData(1, 10_000, 10_000)]
    public void Of_ids_that_are_counted_about_as_many_are_taken_as_the_share_says(double share, int least, int most) =>
        Assert.InRange(Counted.Count(new ImageShare(share).Has), least, most);

    [Fact]
    public void A_larger_share_holds_all_of_a_smaller_one()
    {
        var (small, large) = (new ImageShare(0.1), new ImageShare(0.4));

        Assert.All(Counted.Where(id => small.Has(id)), id => Assert.True(large.Has(id)));
    }

    [Fact]
    public void Which_images_are_taken_is_the_same_in_every_process_and_version() => Assert.Equal(
        ["8", "9", "13"], Counted.Where(id => new ImageShare(0.25).Has(id)).Take(3));
}
