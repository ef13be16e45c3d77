using Pipeline.Contracts;

namespace Pipeline.Analytics.Page;

/// <summary>Which class is taken for which: a row is what the picture shows, a column what the model says.</summary>
internal static class ConfusionMatrix
{
    /// <summary>Shades of the heat map; page.css has one rule for each.</summary>
    private const int MaxShade = 9;

    public static Html Render(Snapshot snapshot)
    {
        var counts = snapshot.Figures.Confusion;
        return counts.Count == 0 ? Shown.Empty("Nothing to compare yet.") : Html.Of($"""
            <table class="matrix">
            <thead><tr><td class="corner">says →<br>is ↓</td>{Html.Each(Labels.All, label => Html.Of($"""<th scope="col"><span>{label}</span></th>"""))}</tr></thead>
            <tbody>{Html.Each(Labels.All, truth => Row(truth, counts))}</tbody>
            </table>{Others(counts)}
            """);
    }

    /// <summary>What strangers call by other names is in no cell.</summary>
    private static Html Others(IReadOnlyDictionary<(string Truth, string Inferred), long> counts)
    {
        var others = counts.Where(pair => !Labels.All.Contains(pair.Key.Truth) || !Labels.All.Contains(pair.Key.Inferred)).Sum(pair => pair.Value);
        return others == 0 ? default : Html.Of($"""<p class="note">Not shown: {Shown.Count(others)} with other labels.</p>""");
    }

    private static Html Row(string truth, IReadOnlyDictionary<(string Truth, string Inferred), long> counts)
    {
        var row = Labels.All.Select(inferred => counts.GetValueOrDefault((truth, inferred))).ToArray();
        var sum = row.Sum();
        return Html.Of($"""
            <tr><th scope="row">{truth}</th>{Html.Each(Labels.All.Zip(row), cell => Cell(cell.First == truth, cell.Second, sum))}</tr>

            """);
    }

    // Mistakes are few: the root of their share makes them visible.
    private static Html Cell(bool isRight, long count, long sum)
    {
        var shade = count == 0 ? 0 : (int)Math.Ceiling(MaxShade * (isRight ? (double)count / sum : Math.Sqrt((double)count / sum)));
        return Html.Of($"""<td class="{(isRight ? "right" : "wrong")} shade-{shade}" title="{Shown.Count(count)}">{(count == 0 ? "·" : Shown.Short(count))}</td>""");
    }
}
