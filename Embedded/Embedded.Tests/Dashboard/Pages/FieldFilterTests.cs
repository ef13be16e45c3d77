using Embedded.Aspire.Dashboard.Pages.Filters;

namespace Embedded.Tests.Dashboard.Pages;

public sealed class FieldFilterTests
{
    [Theory]
    [InlineData("status=500", "status", "equals", "500", true)]
    [InlineData("-status=500", "status", "equals", "500", false)]
    [InlineData("status>=500", "status", "at least", "500", true)]
    [InlineData("status>500", "status", "greater than", "500", true)]
    [InlineData("url.full~a=b", "url.full", "contains", "a=b", true)]
    [InlineData("name!~poll", "name", "not contains", "poll", true)]
    [InlineData("name != poll images ", "name", "not equals", "poll images", true)]
    [InlineData("error.type=", "error.type", "equals", "", true)]
    public void A_filter_is_read_from_the_url(string text, string field, string operation, string value, bool enabled)
    {
        Assert.True(FieldFilter.TryParse(text, out var filter));

        Assert.Equal((field, operation, value, enabled), (filter.Field, filter.Operator.Name, filter.Value, filter.IsEnabled));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("status")]
    [InlineData("=500")]
    [InlineData("status!500")]
    public void What_is_no_filter_is_left_out(string? text) => Assert.False(FieldFilter.TryParse(text, out _));

    [Fact]
    public void A_page_has_a_bounded_number_of_filters_and_none_twice()
    {
        var many = Enumerable.Range(0, 100).Select(number => $"a{number}=1");

        Assert.Equal(FieldFilter.MaxCount, FieldFilter.ParseAll(many).Count);
        Assert.Single(FieldFilter.ParseAll(["a=1", "a=1", new string('x', 2_000) + "=1"]));
    }

    [Theory]
    [InlineData("size=10", "10.0", true)]
    [InlineData("size=10", "100", false)]
    [InlineData("size>9", "10", true)]
    [InlineData("size<=10", "10", true)]
    [InlineData("size<10", "10", false)]
    [InlineData("topic=images", "Images", true)]
    [InlineData("topic>a", "b", true)]
    [InlineData("topic~mag", "images", true)]
    [InlineData("topic!~mag", "images", false)]
    [InlineData("topic!=images", "images", false)]
    [InlineData("topic=images", null, false)]
    [InlineData("topic~images", null, false)]
    [InlineData("topic>images", null, false)]
    [InlineData("topic!=images", null, true)]
    [InlineData("topic!~images", null, true)]
    public void A_filter_compares_numbers_as_numbers_and_text_as_text(string text, string? field, bool holds) =>
        Assert.Equal(holds, FieldFilter.ParseAll([text]).Single().Holds(field));

    [Theory]
    [InlineData("a=1")]
    [InlineData("-a!~b c")]
    [InlineData("a>=")]
    public void A_filter_is_written_as_it_was_read(string text) => Assert.Equal(text, FieldFilter.ParseAll([text]).Single().ToString());
}
