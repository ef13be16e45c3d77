using System.Text.RegularExpressions;
using Pipeline.Analytics;
using Pipeline.Analytics.Page;

namespace Pipeline.Tests.Analytics;

public sealed partial class AnalyticsPageTests
{
    private const string Attack = "<script>alert('x')</script>\"onload=\"";

    private static readonly DateTimeOffset Now = new(ADocument.Noon);

    [Fact]
    public void Whatever_comes_from_messages_is_escaped()
    {
        var image = new ImageRow(Attack, Attack, Attack, Attack, false, 0.5, Attack, null, null, null, null, HasImage: true);
        var letter = new DeadLetter(ADocument.Noon, Attack, Attack, Attack, Attack);

        var page = Page(FiguresOf((Attack, new Tally(Total: 1, Inferred: 1))), [image], new BrokerState(Now, 1, 1, [], [letter]));

        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\"onload", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_address_is_relative_so_nothing_is_loaded_from_elsewhere_and_a_prefix_does_no_harm()
    {
        var page = Page(FiguresOf(("camera-1", new Tally(Total: 1))));

        Assert.All(Addresses().Matches(page), match => Assert.Matches("^(page|api)/", match.Groups[1].Value));
    }

    [Fact]
    public void An_empty_store_says_so_instead_of_showing_zero_percent()
    {
        var page = Page(FiguresOf());

        Assert.Contains("No images yet", page, StringComparison.Ordinal);
        Assert.DoesNotContain("0.0 %", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broker_that_is_away_is_named_and_the_stores_figures_are_shown()
    {
        var page = Page(FiguresOf(("camera-1", new Tally(Total: 4, Inferred: 4, Correct: 3))), broker: null);

        Assert.Contains("Kafka does not answer", page, StringComparison.Ordinal);
        Assert.Contains("75.0 %", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_stands_still_is_named()
    {
        var page = Page(
            FiguresOf(("camera-1", new Tally(Total: 4))), broker: new BrokerState(Now, 4, 0, [], []) { Standing = ["inference stands still"] });

        Assert.Contains("inference stands still", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_producers_make_a_page_of_a_hundred_rows()
    {
        var many = Enumerable.Range(1, 10_000).Select(index => ($"camera-{index}", new Tally(Total: 1, Inferred: 1))).ToArray();

        var page = Page(FiguresOf(many));

        Assert.Contains("camera-100<", page, StringComparison.Ordinal);
        Assert.DoesNotContain("camera-101<", page, StringComparison.Ordinal);
        Assert.Contains("100 of 10,000", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Right_wrong_and_pending_are_told_by_words_and_not_by_colour_alone()
    {
        var page = Page(FiguresOf(), [Image("ship", "ship"), Image("ship", "car"), Image("ship", null), Image(null, "truck")]);

        Assert.Contains("✓ ship", page, StringComparison.Ordinal);
        Assert.Contains("✗ car", page, StringComparison.Ordinal);
        Assert.Contains("? truck", page, StringComparison.Ordinal);
        Assert.Contains("is ship", page, StringComparison.Ordinal);
        Assert.Contains("… not yet", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Accuracy_says_on_how_many_it_rests()
    {
        var tiles = Tiles.Render(SnapshotOf(FiguresOf(("camera-1", new Tally(Total: 9, Inferred: 8, WithoutTruth: 4, Correct: 3))), [], null)).Markup;

        Assert.Contains("75.0 %", tiles, StringComparison.Ordinal);
        Assert.Contains("1 wrong of 4, 4 without a truth", tiles, StringComparison.Ordinal);
    }

    [Fact]
    public void The_confusion_matrix_has_the_counts_in_its_cells()
    {
        var figures = new Figures(new Dictionary<WrongInferences.Key, Tally>
        {
            [new("camera-1", "cat", "dog")] = new(Total: 7, Inferred: 7),
            [new("camera-2", "cat", "dog")] = new(Total: 4, Inferred: 4),
            [new("camera-2", "cat", "cat")] = new(Total: 33, Inferred: 33, Correct: 33),
            [new("camera-2", "cat")] = new(Total: 99),
        });

        var matrix = ConfusionMatrix.Render(SnapshotOf(figures, [], null)).Markup;

        Assert.Matches(
            """<th scope="row" title="cat">cat</th>.*<td class="right shade-7" title="33">33</td>.*<td class="wrong shade-5" title="11">11</td>""",
            matrix);
        Assert.DoesNotContain("99", matrix, StringComparison.Ordinal);
    }

    [Fact]
    public void The_confusion_matrix_shows_the_ten_until_there_are_other_labels()
    {
        var ten = Matrix(("cat", "dog", 1), ("unknown", "dog", 1));
        var own = Matrix(("weld", "weld", 5), ("weld", "no weld", 2), ("cat", "weld", 1), ("unknown", "weld", 1));

        Assert.Equal(["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"], RowsOf(ten));
        Assert.Equal(["cat", "no weld", "weld"], RowsOf(own));
        Assert.Contains("Not shown: 1 with other labels", own, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_thousand_classes_the_confusion_matrix_shows_the_most_frequent()
    {
        var matrix = Matrix([.. Enumerable.Range(1, 1000).Select(label => ($"class {label:0000}", $"class {label:0000}", label))]);

        Assert.Equal(Enumerable.Range(981, 20).Select(label => $"class {label:0000}"), RowsOf(matrix));
        Assert.Contains("with other labels", matrix, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_probability_stands_by_its_class()
    {
        var page = Page(FiguresOf(), [Image("weld", "weld") with { Probabilities = [0.75, 0.25], Labels = ["weld", "no weld"] }]);

        Assert.Contains("no weld</b> <meter value=\"0.25\"></meter> 25%", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(999, "999")]
    [InlineData(1_234, "1.2k")]
    [InlineData(9_951, "10k")]
    [InlineData(999_499, "999k")]
    [InlineData(999_500, "1M")]
    public void Large_counts_fit_into_a_cell(long count, string expected) => Assert.Equal(expected, Shown.Short(count));

    [Theory]
    [InlineData(2.98, "3 s ahead")]
    [InlineData(-86_399.99, "1 d behind")]
    [InlineData(5_400, "1.5 h ahead")]
    [InlineData(-365.0 * 86_400, "365 d behind")]
    public void A_clock_is_off_by_what_a_person_would_say(double seconds, string expected) =>
        Assert.Equal(expected, Shown.Skew(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Dead_letters_are_counted_by_reason_and_the_newest_are_shown()
    {
        var letters = Enumerable.Range(1, 20).Select(index => new DeadLetter(
            ADocument.Noon.AddSeconds(-index), "image_data", "camera-1", index <= 15 ? "BrokenPng" : "UnknownLabel", $"problem {index}")).ToList();

        var list = BrokerTables.DeadLetters(SnapshotOf(FiguresOf(), [], new BrokerState(Now, 500, 200, [], letters))).Markup;

        Assert.Contains("BrokenPng <b>15</b>", list, StringComparison.Ordinal);
        Assert.Contains("UnknownLabel <b>5</b>", list, StringComparison.Ordinal);
        Assert.Contains("Of 200, the latest 20", list, StringComparison.Ordinal);
        Assert.Contains("problem 1<", list, StringComparison.Ordinal);
        Assert.DoesNotContain("problem 20<", list, StringComparison.Ordinal);
    }

    private static string Page(Figures figures, IReadOnlyList<ImageRow>? wall = null, BrokerState? broker = null) =>
        AnalyticsPage.Render(PageParts.Render(SnapshotOf(figures, wall ?? [], broker))).Markup;

    [Fact]
    public void What_the_pictures_are_and_how_many_are_from_earlier_runs_is_said()
    {
        var figures = new Figures(
            new Dictionary<WrongInferences.Key, Tally> { [new("camera-1", "cat")] = new(Total: 1_234, Stored: 1_234) }, earlier: 4_000);

        var tiles = Tiles.Render(SnapshotOf(figures, [], null) with { Run = new() { Pictures = "1,000 <test> images" } }).Markup;

        Assert.Contains("1,000 &lt;test&gt; images", tiles, StringComparison.Ordinal);
        Assert.Contains("this run 1,234 ", tiles, StringComparison.Ordinal);
        Assert.Contains(" 4,000 from earlier runs", tiles, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_there_was_no_earlier_run_none_is_mentioned() =>
        Assert.DoesNotContain(
            "run", Tiles.Render(SnapshotOf(FiguresOf(("camera-1", new Tally(Total: 1, Stored: 1))), [], null)).Markup, StringComparison.Ordinal);

    private static Snapshot SnapshotOf(Figures figures, IReadOnlyList<ImageRow> wall, BrokerState? broker) =>
        new() { At = Now, Figures = figures, Wall = wall, Broker = broker };

    private static string Matrix(params (string Truth, string Inferred, int Count)[] rows) => ConfusionMatrix.Render(SnapshotOf(
        new Figures(rows.ToDictionary(row => new WrongInferences.Key("camera-1", row.Truth, row.Inferred),
            row => new Tally(Total: row.Count, Inferred: row.Count))), [], null)).Markup;

    private static IEnumerable<string> RowsOf(string matrix) => RowHeads().Matches(matrix).Select(match => match.Groups[1].Value);

    [GeneratedRegex("""<th scope="row"[^>]*>([^<]*)""")]
    private static partial Regex RowHeads();

    private static ImageRow Image(string? truth, string? inferred) =>
        new("id", "camera-1", truth, inferred, inferred is null
            || truth is null ? null : inferred == truth, null, null, null, null, null, null, HasImage: true);

    private static Figures FiguresOf(params (string Producer, Tally Tally)[] rows) =>
        new(rows.ToDictionary(row => new WrongInferences.Key(row.Producer, "cat"), row => row.Tally));

    [GeneratedRegex("""(?:src|href)="([^"]*)""")]
    private static partial Regex Addresses();
}
