using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Expressions.Accumulators;

/// <summary>What <c>$group</c> keeps for one field of one group.</summary>
internal abstract class Accumulator
{
    /// <param name="value">The argument's value for one document; missing where it has none.</param>
    public abstract void Add(RawValue value);

    /// <summary>Writes the result so far.</summary>
    public abstract void Write(ReadOnlySpan<byte> name, BsonBuffer output);
}

/// <summary>The accumulators by name.</summary>
internal static class AccumulatorTable
{
    private static readonly Dictionary<string, Func<Accumulator>> All = new()
    {
        ["$sum"] = () => new Sum(),
        ["$avg"] = () => new Average(),
        ["$min"] = () => new Extreme(greatest: false),
        ["$max"] = () => new Extreme(greatest: true),
        ["$first"] = () => new End(last: false),
        ["$last"] = () => new End(last: true),
        ["$push"] = () => new Push(),
        ["$addToSet"] = () => new AddToSet(),
        ["$count"] = () => new Count(),
        ["$mergeObjects"] = () => new MergeObjects(),
        ["$stdDevPop"] = () => new Deviation(sample: false),
        ["$stdDevSamp"] = () => new Deviation(sample: true),
    };

    public static bool Contains(string name) => All.ContainsKey(name);

    public static Accumulator Create(string name) => All[name]();
}
