using Pipeline.Analytics;

namespace Pipeline.Tests.Analytics;

public sealed class MapReduceTests
{
    [Fact]
    public void Map_emits_any_number_of_pairs_per_input()
    {
        var pairs = MapReduce.Map(["a b", "", "b"], Words);

        Assert.Equal(["a", "b", "b"], pairs.Select(pair => pair.Key));
    }

    [Fact]
    public void Shuffle_brings_the_values_of_a_key_together()
    {
        var groups = MapReduce.Shuffle(MapReduce.Map(["a b", "b"], Words));

        Assert.Equal([1, 1], groups["b"]);
        Assert.Equal([1], groups["a"]);
    }

    [Fact]
    public void Reduce_makes_one_value_of_each_keys_values()
    {
        var counts = MapReduce.Reduce(MapReduce.Shuffle(MapReduce.Map(["a b", "b"], Words)), (left, right) => left + right);

        Assert.Equal(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }, counts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task However_the_inputs_are_cut_into_batches_the_result_is_the_same(int batchSize)
    {
        var random = new Random(7);
        var inputs = Enumerable.Range(0, 200).Select(_ => $"word{random.Next(10)} word{random.Next(10)}").ToArray();
        var expected = MapReduce.Reduce(MapReduce.Shuffle(MapReduce.Map(inputs, Words)), (left, right) => left + right);

        var counts = await MapReduce.RunAsync(inputs.Chunk(batchSize).ToAsyncEnumerable(), Words, (left, right) => left + right);

        Assert.Equal(expected.OrderBy(entry => entry.Key), counts.OrderBy(entry => entry.Key));
    }

    private static IEnumerable<KeyValuePair<string, int>> Words(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => KeyValuePair.Create(word, 1));
}
