namespace Pipeline.Analytics.Page;

/// <summary>Who is wrong how often: per producer and per class.</summary>
internal static class AccuracyTables
{
    /// <summary>Rows shown; the report has them all.</summary>
    public const int MaxRows = 100;

    public static Html Producers(Snapshot snapshot)
    {
        var (producers, skews) = (snapshot.Figures.Producers, snapshot.ClockSkews);
        return producers.Count == 0 ? Shown.Empty("No camera has sent anything yet.") : Html.Of($"""
            <table>
            <thead><tr><th>producer</th><th class="number">wrong</th><th class="number">of</th><th class="number">error rate</th>{(skews.Count == 0 ? default : Html.Of($"""<th class="number">clock</th>"""))}<td class="chart"></td></tr></thead>
            <tbody>{Html.Each(producers.Take(MaxRows), row => Row(row.Name, row.Tally.Wrong, row.Tally, row.Tally.ErrorRate, "wrong", skews.Count == 0 ? default : Clock(skews, row.Name)))}</tbody>
            </table>{CutNote(producers.Count)}
            """);
    }

    public static Html Classes(Snapshot snapshot)
    {
        var classes = snapshot.Figures.Classes;
        return classes.Count == 0 ? Shown.Empty("Nothing to compare yet.") : Html.Of($"""
            <table>
            <thead><tr><th>class</th><th class="number">right</th><th class="number">of</th><th class="number">accuracy</th><td class="chart"></td></tr></thead>
            <tbody>{Html.Each(classes.Take(MaxRows), row => Row(row.Name, row.Tally.Correct, row.Tally, row.Tally.Accuracy, "right"))}</tbody>
            </table>{CutNote(classes.Count)}
            """);
    }

    private static Html CutNote(int count) => count <= MaxRows ? default : Html.Of(
        $"""<p class="note">The first {MaxRows} of {Shown.Count(count)}; the report has all.</p>""");

    private static Html Clock(IReadOnlyDictionary<string, TimeSpan> skews, string producer) => Html.Of(
        $"""<td class="number">{(skews.TryGetValue(producer, out var skew) ? Shown.Skew(skew) : "")}</td>""");

    private static Html Row(string name, long count, Tally tally, double? ratio, string kind, Html clock = default) => Html.Of($"""
        <tr><th scope="row">{name}</th><td class="number">{Shown.Count(count)}</td><td class="number">{Shown.Count(tally.Compared)}</td><td class="number">{Shown.Percent(ratio)}</td>{clock}<td class="chart">{Shown.Bar(ratio, kind)}</td></tr>
        """);
}
