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
    public void Anything_else_is_not_a_label() => Assert.False(Labels.TryRead("zebra", out _));
}
