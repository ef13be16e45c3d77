using Pipeline.Contracts;

namespace Pipeline.Analytics;

/// <summary>The ten of CIFAR-10 first, in the order that the model has them; other labels after them, by their text.</summary>
internal static class LabelOrder
{
    public static IComparer<string> Comparer { get; } = Comparer<string>.Create((left, right) =>
        PlaceOf(left).CompareTo(PlaceOf(right)) is not 0 and var order ? order : StringComparer.Ordinal.Compare(left, right));

    private static int PlaceOf(string label)
    {
        for (var place = 0; place < Labels.All.Count; place++)
        {
            if (Labels.All[place] == label)
            {
                return place;
            }
        }

        return int.MaxValue;
    }
}
