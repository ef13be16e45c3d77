using Pipeline.Contracts;
using Pipeline.Contracts.Stored;

namespace Pipeline.Analytics.Page;

/// <summary>Which class is taken for which: a row is what the picture shows, a column what the model says.</summary>
internal static class ConfusionMatrix
{
    /// <summary>Classes shown; the report and <c>/api/confusion</c> have them all.</summary>
    public const int MaxLabels = 20;

    /// <summary>Shades of the heat map; page.css has one rule for each.</summary>
    private const int MaxShade = 9;

    public static Html Render(Snapshot snapshot)
    {
        var counts = snapshot.Figures.Confusion;
        if (counts.Count == 0)
        {
            return Shown.Empty("Nothing to compare yet.");
        }

        var labels = LabelsOf(counts);
        return Html.Of($"""
            <table class="matrix">
            <thead><tr><td class="corner">says →<br>is ↓</td>{Html.Each(labels, label => Html.Of($"""<th scope="col" title="{label}"><span>{label}</span></th>"""))}</tr></thead>
            <tbody>{Html.Each(labels, truth => Row(truth, labels, counts))}</tbody>
            </table>{Others(labels, counts)}
            """);
    }

    /// <summary>The ten of CIFAR-10 while there are no others: a table that keeps its form. Else those that there are, and of many the most frequent.</summary>
    private static IReadOnlyList<string> LabelsOf(IReadOnlyDictionary<(string Truth, string Inferred), long> counts)
    {
        var found = counts.SelectMany(pair => new[] { (Label: pair.Key.Truth, pair.Value), (Label: pair.Key.Inferred, pair.Value) })
            .Where(one => one.Label != StoredImage.Unknown)
            .GroupBy(one => one.Label, (label, all) => (Label: label, Count: all.Sum(one => one.Value))).ToList();
        return found.All(one => Labels.All.Contains(one.Label))
            ? Labels.All
            : [.. found.OrderByDescending(one => one.Count).ThenBy(one => one.Label, LabelOrder.Comparer).Take(MaxLabels)
                .Select(one => one.Label).Order(LabelOrder.Comparer)];
    }

    private static Html Others(IReadOnlyList<string> labels, IReadOnlyDictionary<(string Truth, string Inferred), long> counts)
    {
        var others = counts.Where(pair => !labels.Contains(pair.Key.Truth) || !labels.Contains(pair.Key.Inferred)).Sum(pair => pair.Value);
        return others == 0 ? default : Html.Of($"""<p class="note">Not shown: {Shown.Count(others)} with other labels.</p>""");
    }

    private static Html Row(string truth, IReadOnlyList<string> labels, IReadOnlyDictionary<(string Truth, string Inferred), long> counts)
    {
        var row = labels.Select(inferred => counts.GetValueOrDefault((truth, inferred))).ToArray();
        var sum = row.Sum();
        return Html.Of($"""
            <tr><th scope="row" title="{truth}">{truth}</th>{Html.Each(labels.Zip(row), cell => Cell(cell.First == truth, cell.Second, sum))}</tr>

            """);
    }

    // Mistakes are few: the root of their share makes them visible.
    private static Html Cell(bool isRight, long count, long sum)
    {
        var shade = count == 0 ? 0 : (int)Math.Ceiling(MaxShade * (isRight ? (double)count / sum : Math.Sqrt((double)count / sum)));
        return Html.Of($"""<td class="{(isRight ? "right" : "wrong")} shade-{shade}" title="{Shown.Count(count)}">{(count == 0 ? "·" : Shown.Short(count))}</td>""");
    }
}
