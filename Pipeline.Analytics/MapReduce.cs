namespace Pipeline.Analytics;

/// <summary>
/// Map, shuffle, reduce: the three steps by which a question over any number of documents is answered on any number of machines.
/// </summary>
/// <remarks>
/// Here they run in one process and as plain functions, so that the idea can be read and tested. What makes it scale is kept:
/// map sees one input at a time, reduce is associative and commutative, so inputs can be cut anywhere and the partial results
/// reduced again in any order. A Spark job over the same documents is these functions with another <c>Run</c>.
/// </remarks>
internal static class MapReduce
{
    /// <summary>Every input becomes any number of (key, value) pairs, each input on its own.</summary>
    public static IEnumerable<KeyValuePair<TKey, TValue>> Map<TInput, TKey, TValue>(
        IEnumerable<TInput> inputs, Func<TInput, IEnumerable<KeyValuePair<TKey, TValue>>> map) =>
        inputs.SelectMany(map);

    /// <summary>Brings together the values that share a key.</summary>
    public static ILookup<TKey, TValue> Shuffle<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>> pairs) =>
        pairs.ToLookup(pair => pair.Key, pair => pair.Value);

    /// <summary>The values of each key become one.</summary>
    /// <param name="reduce">Associative and commutative; its result can be reduced again.</param>
    public static Dictionary<TKey, TValue> Reduce<TKey, TValue>(ILookup<TKey, TValue> groups, Func<TValue, TValue, TValue> reduce)
        where TKey : notnull =>
        groups.ToDictionary(group => group.Key, group => group.Aggregate(reduce));

    /// <summary>The whole job over inputs that come in batches: memory holds one batch and one value per key.</summary>
    public static async Task<Dictionary<TKey, TValue>> RunAsync<TInput, TKey, TValue>(
        IAsyncEnumerable<IEnumerable<TInput>> batches,
        Func<TInput, IEnumerable<KeyValuePair<TKey, TValue>>> map,
        Func<TValue, TValue, TValue> reduce)
        where TKey : notnull
    {
        Dictionary<TKey, TValue> results = [];
        await foreach (var batch in batches)
        {
            // A batch is one map task. What it emits is reduced at once (a combiner), then again with what came before.
            var partial = Reduce(Shuffle(Map(batch, map)), reduce);
            results = Reduce(Shuffle(results.Concat(partial)), reduce);
        }
        return results;
    }
}
