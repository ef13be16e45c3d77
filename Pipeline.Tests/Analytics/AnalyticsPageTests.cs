using System.Text.RegularExpressions;
using Pipeline.Analytics;
using Pipeline.Analytics.Page;

namespace Pipeline.Tests.Analytics;

public sealed partial class AnalyticsPageTests
{
    private const string Attack = "<script>alert('x')</script>\"onload=\"";

    [Fact]
    public void Whatever_comes_from_messages_is_escaped()
    {
        var image = new StoredImage(Attack, Attack, Attack, Attack, false, 0.5, Attack, null, null, null, HasImage: true);

        var page = AnalyticsPage.Render(FiguresOf((Attack, new Tally(Total: 1, Inferred: 1))), null, [image]).Markup;

        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\"onload", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_loaded_from_elsewhere()
    {
        var page = AnalyticsPage.Render(FiguresOf(("camera-1", new Tally(Total: 1))), null, []).Markup;

        Assert.All(Addresses().Matches(page), match => Assert.StartsWith("/", match.Groups[1].Value, StringComparison.Ordinal));
    }

    [Fact]
    public void An_empty_store_says_so_instead_of_showing_zero_percent()
    {
        var page = AnalyticsPage.Render(FiguresOf(), null, []).Markup;

        Assert.Contains("No images yet", page, StringComparison.Ordinal);
        Assert.DoesNotContain("0.00", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_producers_make_a_page_of_a_hundred_rows()
    {
        var many = Enumerable.Range(1, 10_000).Select(index => ($"camera-{index}", new Tally(Total: 1, Inferred: 1))).ToArray();

        var page = AnalyticsPage.Render(FiguresOf(many), null, []).Markup;

        Assert.Contains("camera-100<", page, StringComparison.Ordinal);
        Assert.DoesNotContain("camera-101<", page, StringComparison.Ordinal);
        Assert.Contains("100 of 10000", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Right_wrong_and_pending_are_told_by_words_and_not_by_colour_alone()
    {
        var page = AnalyticsPage.Render(FiguresOf(), null, [Image("ship", "ship"), Image("ship", "car"), Image("ship", null)]).Markup;

        Assert.Contains("✓ ship", page, StringComparison.Ordinal);
        Assert.Contains("✗ car", page, StringComparison.Ordinal);
        Assert.Contains("not yet</span>", page, StringComparison.Ordinal);
    }

    private static StoredImage Image(string truth, string? inferred) =>
        new("id", "camera-1", truth, inferred, inferred is null ? null : inferred == truth, null, null, null, null, null, HasImage: true);

    private static Figures FiguresOf(params (string Producer, Tally Tally)[] rows) =>
        new(rows.ToDictionary(row => new WrongInferences.Key(row.Producer, "cat"), row => row.Tally));

    [GeneratedRegex("""(?:src|href)="([^"]*)""")]
    private static partial Regex Addresses();
}
