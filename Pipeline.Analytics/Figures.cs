namespace Pipeline.Analytics;

/// <summary>What analytics tells: sums over the tallies per producer and class.</summary>
internal sealed class Figures
{
    public Figures(IReadOnlyDictionary<WrongInferences.Key, Tally> tallies, long earlier = 0)
    {
        Earlier = earlier;
        Overall = tallies.Values.Aggregate(Tally.Empty, (sum, tally) => sum + tally);
        Producers = [.. SumsBy(tallies, key => key.Producer).OrderBy(row => row.Name, NaturalOrder.Comparer)];
        var known = tallies.Where(entry => entry.Key.Label is not null).ToList();
        Classes = [.. SumsBy(known, key => key.Label!).OrderBy(row => row.Name, LabelOrder.Comparer)];
        Confusion = known.Where(entry => entry.Key.Inferred is not null)
            .GroupBy(entry => (entry.Key.Label!, entry.Key.Inferred!), entry => entry.Value.Inferred)
            .ToDictionary(group => group.Key, group => group.Sum());
    }

    public static Figures Empty { get; } = new(new Dictionary<WrongInferences.Key, Tally>());

    public Tally Overall { get; }

    /// <summary>Images in the store that are from earlier runs, and in no other figure here.</summary>
    public long Earlier { get; }

    /// <summary>Per producer, in the order a person would put them: camera-2 before camera-10.</summary>
    public IReadOnlyList<(string Name, Tally Tally)> Producers { get; }

    /// <summary>Per class of the ground truth, in the order of <see cref="LabelOrder"/>. Images without a truth are in none.</summary>
    public IReadOnlyList<(string Name, Tally Tally)> Classes { get; }

    /// <summary>How often a class was taken for which; right where the two are the same. A pair that never came is missing.</summary>
    public IReadOnlyDictionary<(string Truth, string Inferred), long> Confusion { get; }

    private static IEnumerable<(string Name, Tally Tally)> SumsBy(
        IEnumerable<KeyValuePair<WrongInferences.Key, Tally>> tallies, Func<WrongInferences.Key, string> name) =>
        tallies.GroupBy(entry => name(entry.Key), entry => entry.Value)
            .Select(group => (group.Key, group.Aggregate((sum, tally) => sum + tally)));
}
