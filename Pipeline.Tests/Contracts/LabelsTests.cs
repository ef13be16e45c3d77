using Pipeline.Contracts;

namespace Pipeline.Tests.Contracts;

public class LabelsTests
{
    [Fact]
    public void The_ten_labels_stand_in_label_order() =>
        Assert.Equal("plane car bird cat deer dog frog horse ship truck", string.Join(' ', Labels.All));

    [Theory]
    [InlineData("airplane", "plane")]
    [InlineData("automobile", "car")]
    [InlineData("ship", "ship")]
    [InlineData("Ship", "ship")]
    public void Both_vocabularies_are_understood(string text, string expected)
    {
        Assert.True(Labels.TryRead(text, out var label));
        Assert.Equal(expected, label);
    }

    [Fact]
    public void Other_text_is_kept_as_it_stands()
    {
        Assert.True(Labels.TryRead(" Weld_OK\n", out var label));
        Assert.Equal("Weld_OK", label);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("two\nlines")]
    [InlineData("a\u0000b")]
    [InlineData("a\u0085b")]
    public void Nothing_and_control_characters_are_no_label(string text) => Assert.False(Labels.TryRead(text, out _));

    [Fact]
    public void A_label_has_at_most_128_characters()
    {
        Assert.True(Labels.TryRead(new string('x', 128), out _));
        Assert.False(Labels.TryRead(new string('x', 129), out _));
    }
}
