using Embedded.MongoDB;
using Embedded.MongoDB.Query;
using Embedded.Tests.MongoDB.Support;

namespace Embedded.Tests.MongoDB.Query;

/// <summary>What each operator matches and what it does not, one case a line.</summary>
public sealed class FilterTests
{
    [Theory]
    [InlineData("{a: 1}", "{a: 1.0}", "{a: [0, 1]}", "{a: NumberLong(1)}", "{a: NumberDecimal('1.0')}")]
    [InlineData("{a: [1, 2]}", "{a: [1, 2]}", "{a: [[1, 2], 3]}")]
    [InlineData("{a: {b: 1}}", "{a: {b: 1}}", "{a: [{b: 1}]}")]
    [InlineData("{'a.b': 1}", "{a: {b: 1}}", "{a: [{b: 1}, {b: 2}]}", "{a: {b: [1]}}")]
    [InlineData("{'a.0': 1}", "{a: [1, 2]}", "{a: {'0': 1}}", "{a: [{'0': 1}]}")]
    [InlineData("{'a.0.b': 1}", "{a: [{b: 1}]}")]
    [InlineData("{a: null}", "{}", "{a: null}", "{a: [null]}")]
    [InlineData("{'a.b': null}", "{}", "{a: 1}", "{a: {}}", "{a: [{}]}", "{a: [{b: 1}, {c: 2}]}")]
    [InlineData("{a: {$ne: 1}}", "{}", "{a: [2]}")]
    [InlineData("{a: {$gt: 1, $lt: 3}}", "{a: [0, 5]}", "{a: 2}")]
    [InlineData("{a: {$elemMatch: {$gt: 1, $lt: 3}}}", "{a: [0, 2]}")]
    [InlineData("{a: {$elemMatch: {b: 1, c: {$gt: 1}}}}", "{a: [{b: 1, c: 0}, {b: 1, c: 2}]}")]
    [InlineData("{a: {$gte: null}}", "{}", "{a: null}")]
    [InlineData("{a: {$lt: ISODate('2026-01-02')}}", "{a: ISODate('2026-01-01')}")]
    [InlineData("{a: {$mod: [4, 0]}}", "{a: 8}", "{a: 8.5}")]
    [InlineData("{a: {$all: [1, 2]}}", "{a: [2, 1, 3]}")]
    [InlineData("{a: {$not: {$gt: 5}}}", "{}", "{a: 'x'}", "{a: 3}")]
    [InlineData("{a: {$not: /^x/}}", "{}", "{a: 'y'}")]
    [InlineData("{a: {$in: [1, 'x', /^q/]}}", "{a: 1.0}", "{a: ['x']}", "{a: 'quick'}")]
    [InlineData("{a: {$in: [null]}}", "{}", "{a: null}")]
    [InlineData("{a: {$nin: [1, null]}}", "{a: 2}", "{a: []}")]
    [InlineData("{a: {$exists: true}}", "{a: null}", "{a: []}")]
    [InlineData("{a: {$exists: false}}", "{}", "{b: 1}")]
    [InlineData("{a: {$type: 'number'}}", "{a: 1}", "{a: 1.5}", "{a: NumberLong(1)}", "{a: ['x', 1]}")]
    [InlineData("{a: {$type: ['array', 2]}}", "{a: []}", "{a: 'x'}")]
    [InlineData("{a: {$size: 2}}", "{a: [1, [2, 3]]}")]
    [InlineData("{a: {$regex: 'B', $options: 'i'}}", "{a: 'abc'}", "{a: ['x', 'b']}")]
    [InlineData("{a: /^ab/}", "{a: 'abc'}", "{a: /^ab/}")]
    [InlineData("{$or: [{a: 1}, {b: 2}]}", "{a: 1}", "{b: 2}")]
    [InlineData("{$nor: [{a: 1}, {b: 2}]}", "{}", "{a: 2}")]
    [InlineData("{$and: [{a: 1}, {b: 2}], $comment: 'x'}", "{a: 1, b: 2}")]
    [InlineData("{a: {$bitsAllSet: [0, 2]}}", "{a: 5}", "{a: 7}")]
    [InlineData("{a: {$gte: MinKey}}", "{a: 1}", "{a: 'x'}", "{a: null}")]
    [InlineData("{a: {$lte: NaN}}", "{a: NaN}")]
    [InlineData("{a: {$ref: 'c', $id: 1}}", "{a: {$ref: 'c', $id: 1}}")]
    public void A_filter_matches(string filter, params string[] documents)
    {
        foreach (var document in documents)
        {
            Assert.True(Matches(filter, document), $"{filter} should match {document}");
        }
    }

    [Theory]
    [InlineData("{a: 1}", "{a: true}", "{a: '1'}", "{a: [[1]]}")]
    [InlineData("{a: [1, 2]}", "{a: [2, 1]}", "{a: [1, 2, 3]}")]
    [InlineData("{a: {b: 1}}", "{a: {b: 1, c: 2}}")]
    [InlineData("{'a.b': 1}", "{'a.b': 1}")]
    [InlineData("{'a.0': 1}", "{a: [2, 1]}")]
    [InlineData("{a: null}", "{a: []}", "{a: 0}")]
    [InlineData("{'a.b': null}", "{a: []}", "{a: [1, 2]}", "{a: {b: 1}}")]
    [InlineData("{a: {$ne: 1}}", "{a: [1, 2]}")]
    [InlineData("{a: {$gt: 1, $lt: 3}}", "{a: '2'}", "{a: [5]}")]
    [InlineData("{a: {$elemMatch: {$gt: 1, $lt: 3}}}", "{a: [0, 5]}", "{a: 2}")]
    [InlineData("{a: {$gte: null}}", "{a: 0}")]
    [InlineData("{a: {$lt: ISODate('2026-01-02')}}", "{a: Timestamp(1, 1)}", "{a: 1}", "{}")]
    [InlineData("{a: {$mod: [4, 0]}}", "{a: '8'}", "{a: 7}")]
    [InlineData("{a: {$all: [1, 2]}}", "{a: [1]}")]
    [InlineData("{a: {$all: []}}", "{}", "{a: []}", "{a: 1}")]
    [InlineData("{a: {$not: {$gt: 5}}}", "{a: 6}")]
    [InlineData("{a: {$nin: [1, null]}}", "{}", "{a: 1}")]
    [InlineData("{a: {$size: 2}}", "{a: 2}", "{a: [[1, 2]]}")]
    [InlineData("{a: {$lt: 5}}", "{a: NaN}")]
    [InlineData("{a: {$bitsAllSet: [0, 2]}}", "{a: 4}", "{a: '5'}")]
    public void A_filter_does_not_match(string filter, params string[] documents)
    {
        foreach (var document in documents)
        {
            Assert.False(Matches(filter, document), $"{filter} should not match {document}");
        }
    }

    [Theory]
    [InlineData("{$or: true}", 2)]
    [InlineData("{$and: []}", 2)]
    [InlineData("{a: {$foo: 1}}", 2)]
    [InlineData("{$foo: 1}", 2)]
    [InlineData("{$where: 'true'}", 2)]
    [InlineData("{a: {$near: [0, 0]}}", 2)]
    [InlineData("{a: {$in: 1}}", 2)]
    [InlineData("{a: {$in: [{$gt: 1}]}}", 2)]
    [InlineData("{a: {$mod: [0, 0]}}", 2)]
    [InlineData("{a: {$regex: 'a', $options: 'q'}}", 51108)]
    [InlineData("{a: {$regex: '(' }}", 51091)]
    [InlineData("{a: {$size: -1}}", 2)]
    [InlineData("{a: {$gt: 1, b: 2}}", 2)]
    public void A_filter_that_cannot_be_understood_is_refused(string filter, int code)
    {
        Assert.Equal(code, Assert.ThrowsAny<CommandException>(() => Filter.Parse(Shell.Bson(filter))).Code);
    }

    [Fact]
    public void A_filter_says_what_an_index_can_use()
    {
        var filter = Filter.Parse(Shell.Bson("{_id: 7, s: {$gt: 1, $lte: 5}, $and: [{t: {$in: [1, 2]}}], $or: [{u: 1}, {v: 2}], w: {$ne: 3}}"));

        Assert.Equal(["_id", "s", "s", "t"], filter.Bounds.Select(bound => bound.Path));
        Assert.Equal([7], filter.Bounds[0].Equal!.Select(value => value.Raw.AsInt32));
        Assert.True(filter.Bounds[1] is { Lower: not null, LowerInclusive: false, Upper: null });
        Assert.True(filter.Bounds[2] is { Lower: null, Upper: not null, UpperInclusive: true });
        Assert.Equal(["_id", "s", "t", "u", "v", "w"], filter.Uses.Names.Order());
    }

    [Fact]
    public void A_match_inside_an_array_says_at_which_element()
    {
        var filter = Filter.Parse(Shell.Bson("{'a.b': 2}"));

        Assert.True(filter.Matches(Shell.Bson("{a: [{b: 1}, {b: 2}]}"), out var position));
        Assert.Equal(1, position);
    }

    private static bool Matches(string filter, string document) => Filter.Parse(Shell.Bson(filter)).Matches(Shell.Bson(document));
}
