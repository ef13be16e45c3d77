using Embedded.MongoDB;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Updates;
using Embedded.MongoDB.Values;
using Embedded.Tests.MongoDB.Support;
using MongoDB.Bson;

namespace Embedded.Tests.MongoDB.Updates;

/// <summary>What each update operator makes of a document, one case a line.</summary>
public sealed class UpdateTests
{
    [Theory]
    [InlineData("{_id: 1, a: 1}", "{$set: {c: 1, b: 1}}", "{_id: 1, a: 1, b: 1, c: 1}")]
    [InlineData("{}", "{$set: {'10': 1, '9': 1}}", "{'9': 1, '10': 1}")]
    [InlineData("{a: 1}", "{$inc: {a: 2147483647}}", "{a: NumberLong(2147483648)}")]
    [InlineData("{a: 1}", "{$inc: {a: 0.5, b: 2}}", "{a: 1.5, b: 2}")]
    [InlineData("{}", "{$mul: {z: 5}}", "{z: 0}")]
    [InlineData("{a: 5}", "{$max: {a: 'x'}}", "{a: 'x'}")]
    [InlineData("{a: [1, 2, 3]}", "{$unset: {'a.1': ''}}", "{a: [1, null, 3]}")]
    [InlineData("{a: 1, b: 2}", "{$unset: {a: '', 'c.d': ''}}", "{b: 2}")]
    [InlineData("{a: [1, 2, 3]}", "{$pull: {a: {$gt: 1}}}", "{a: [1]}")]
    [InlineData("{a: [{b: 1, c: 2}]}", "{$pull: {a: {b: 1}}}", "{a: []}")]
    [InlineData("{a: [1, 2, 1]}", "{$pullAll: {a: [1]}}", "{a: [2]}")]
    [InlineData("{}", "{$push: {x: {$each: [3, 1, 2], $sort: 1, $slice: 2}}}", "{x: [1, 2]}")]
    [InlineData("{x: [1]}", "{$push: {x: {$each: [2, 3], $position: 0}}}", "{x: [2, 3, 1]}")]
    [InlineData("{x: [{a: 2}]}", "{$push: {x: {$each: [{a: 1}, {a: 3}], $sort: {a: -1}}}}", "{x: [{a: 3}, {a: 2}, {a: 1}]}")]
    [InlineData("{x: [1, 2]}", "{$addToSet: {x: {$each: [2, 3, 3]}}}", "{x: [1, 2, 3]}")]
    [InlineData("{x: [1, 2, 3]}", "{$pop: {x: -1}}", "{x: [2, 3]}")]
    [InlineData("{x: [1, 2, 3]}", "{$pop: {x: 1}}", "{x: [1, 2]}")]
    [InlineData("{a: 13}", "{$bit: {a: {and: 10, or: 1}}}", "{a: 9}")]
    [InlineData("{a: 1, b: {c: 2}}", "{$rename: {'b.c': 'd'}}", "{a: 1, b: {}, d: 2}")]
    [InlineData("{a: 1, b: 2}", "{$rename: {a: 'b'}}", "{b: 1}")]
    [InlineData("{}", "{$set: {'a.b.0': 1}}", "{a: {b: {'0': 1}}}")]
    [InlineData("{a: [1]}", "{$set: {'a.3': 4}}", "{a: [1, null, null, 4]}")]
    [InlineData("{a: [{b: 1}, {b: 2}]}", "{$set: {'a.1.b': 9}}", "{a: [{b: 1}, {b: 9}]}")]
    [InlineData("{a: [{b: 1}, {b: 2}]}", "{$inc: {'a.$[].b': 10}}", "{a: [{b: 11}, {b: 12}]}")]
    [InlineData("{_id: 1, a: 1}", "{b: 2}", "{_id: 1, b: 2}")]
    [InlineData("{_id: 1, a: 1}", "{b: 2, _id: 1}", "{_id: 1, b: 2}")]
    public void An_update_makes(string before, string update, string after)
    {
        Assert.Equal(Shell.Bson(after), Apply(before, update));
    }

    [Theory]
    [InlineData("{a: 5}", "{$min: {a: 'x'}}")]
    [InlineData("{a: [1, 2, 3]}", "{$addToSet: {a: 1.0}}")]
    [InlineData("{a: 1}", "{$set: {a: 1}}")]
    [InlineData("{a: 1}", "{$setOnInsert: {b: 1}}")]
    [InlineData("{_id: 1, a: 1}", "{$set: {_id: 1}}")]
    [InlineData("{a: 1}", "{$unset: {'b.c': 1}, $pull: {c: 1}, $rename: {d: 'e'}}")]
    [InlineData("{_id: 1, b: 2}", "{b: 2}")]
    [InlineData("{a: 1}", "{$unset: {'a.b': 1}}")]
    public void An_update_that_changes_nothing_says_so(string document, string update)
    {
        var output = new BsonBuffer();

        Assert.False(DocumentUpdate.Parse(Shell.Bson(update)).Apply(Shell.Bson(document), output));
        Assert.Equal(0, output.Length);
    }

    [Theory]
    [InlineData("{a: 9223372036854775807}", "{$inc: {a: 1}}", 2)]
    [InlineData("{a: 'x'}", "{$inc: {a: 1}}", 14)]
    [InlineData("{a: 1}", "{$inc: {a: 'x'}}", 14)]
    [InlineData("{a: 1}", "{$set: {'a.b': 1}}", 28)]
    [InlineData("{a: null}", "{$set: {'a.b': 1}}", 28)]
    [InlineData("{a: [1]}", "{$set: {'a.b': 1}}", 28)]
    [InlineData("{a: 1}", "{$set: {a: 1, 'a.b': 2}}", 40)]
    [InlineData("{a: 1}", "{$set: {a: 1}, $inc: {a: 1}}", 40)]
    [InlineData("{_id: 1}", "{$set: {_id: 2}}", 66)]
    [InlineData("{_id: 1}", "{$unset: {_id: ''}}", 66)]
    [InlineData("{_id: 1}", "{_id: 2, a: 1}", 66)]
    [InlineData("{}", "{$set: {'a..b': 1}}", 56)]
    [InlineData("{}", "{$foo: {a: 1}}", 9)]
    [InlineData("{}", "{$set: {a: 1}, b: 1}", 9)]
    [InlineData("{}", "{a: 1, $set: {b: 1}}", 52)]
    [InlineData("{a: 1}", "{$push: {a: 1}}", 2)]
    [InlineData("{a: []}", "{$set: {'a.1500002': 1}}", 34)]
    [InlineData("{a: [1]}", "{$set: {'a.$': 1}}", 2)]
    [InlineData("{a: [1]}", "{$set: {'a.$[x]': 1}}", 2)]
    public void An_update_that_cannot_be_is_refused(string document, string update, int code)
    {
        Assert.Equal(code, Assert.ThrowsAny<CommandException>(() => Apply(document, update)).Code);
    }

    [Fact]
    public void An_upsert_starts_from_what_the_filter_fixes()
    {
        var filter = Filter.Parse(Shell.Bson("{_id: 7, s: {$gt: 1}, $and: [{t: 2}]}"));
        var output = new BsonBuffer();

        DocumentUpdate.Parse(Shell.Bson("{$set: {u: 1}, $setOnInsert: {v: 1}}")).ApplyInsert(filter, output);

        Assert.Equal(Shell.Bson("{_id: 7, t: 2, u: 1, v: 1}"), output.ToArray());
    }

    [Fact]
    public void A_replacement_upsert_takes_its_id_from_the_filter()
    {
        var output = new BsonBuffer();

        DocumentUpdate.Parse(Shell.Bson("{b: 1}")).ApplyInsert(Filter.Parse(Shell.Bson("{_id: 7, a: 5}")), output);

        Assert.Equal(Shell.Bson("{_id: 7, b: 1}"), output.ToArray());
    }

    [Fact]
    public void An_upsert_from_two_values_for_one_path_is_refused()
    {
        var filter = Filter.Parse(Shell.Bson("{$and: [{a: 1}, {a: 2}]}"));

        Assert.Equal(54, Assert.ThrowsAny<CommandException>(() => DocumentUpdate.Seed(filter)).Code);
    }

    [Fact]
    public void The_positional_operator_changes_the_element_that_matched()
    {
        var document = Shell.Bson("{a: [{b: 1}, {b: 2}]}");
        Filter.Parse(Shell.Bson("{'a.b': 2}")).Matches(document, out var position);
        var output = new BsonBuffer();

        var update = DocumentUpdate.Parse(Shell.Bson("{$set: {'a.$.c': 3}}"));
        update.Apply(document, output, position: position);

        Assert.True(update.NeedsPosition);
        Assert.Equal(Shell.Bson("{a: [{b: 1}, {b: 2, c: 3}]}"), output.ToArray());
    }

    [Fact]
    public void Array_filters_pick_the_elements_to_change()
    {
        var output = new BsonBuffer();

        DocumentUpdate.Parse(Shell.Bson("{$set: {'a.$[x].b': 0}}"), Shell.Bson("[{'x.b': {$gt: 1}}]"))
            .Apply(Shell.Bson("{a: [{b: 1}, {b: 2}, {b: 3}]}"), output);

        Assert.Equal(Shell.Bson("{a: [{b: 1}, {b: 0}, {b: 0}]}"), output.ToArray());
    }

    [Fact]
    public void An_array_filter_that_no_path_uses_is_refused()
    {
        var problem = Assert.ThrowsAny<CommandException>(() => DocumentUpdate.Parse(Shell.Bson("{$set: {a: 0}}"), Shell.Bson("[{x: 1}]")));

        Assert.Equal(9, problem.Code);
    }

    [Fact]
    public void An_untouched_field_keeps_its_bytes()
    {
        var before = Shell.Bson("{_id: 1, image: BinData('00ff00ff'), nested: {x: [1, {y: NumberDecimal('1.50')}]}, z: 1}");
        var output = new BsonBuffer();

        DocumentUpdate.Parse(Shell.Bson("{$set: {z: 2}}")).Apply(before, output);

        Assert.Equal(before.AsSpan()[..^6], output.Written[..^6]);
    }

    [Fact]
    public void Setting_again_changes_nothing_and_unsetting_takes_only_the_field_away()
    {
        var random = new Random(11);
        for (var i = 0; i < 2000; i++)
        {
            var document = Shell.Bson(RandomBson.Document(random, 2));
            var set = DocumentUpdate.Parse(Shell.Bson($"{{$set: {{z: {RandomBson.Value(random, 1)}}}}}"));
            var (once, again, unset) = (new BsonBuffer(), new BsonBuffer(), new BsonBuffer());

            Assert.True(set.Apply(document, once));
            Assert.False(set.Apply(once.Written, again));
            Assert.True(DocumentUpdate.Parse(Shell.Bson("{$unset: {z: ''}}")).Apply(once.Written, unset));
            Assert.Equal(document, unset.ToArray());
        }
    }

    [Fact]
    public void Updates_of_different_fields_commute()
    {
        var producer = DocumentUpdate.Parse(Shell.Bson("{$set: {GroundTruth: 'cat', Image: BinData('00')}}"));
        var inference = DocumentUpdate.Parse(Shell.Bson("{$set: {InferredValue: 'dog', Confidence: 0.5}}"));
        var (one, other, both, reversed) = (new BsonBuffer(), new BsonBuffer(), new BsonBuffer(), new BsonBuffer());

        producer.Apply(Shell.Bson("{_id: 1}"), one);
        inference.Apply(one.Written, both);
        inference.Apply(Shell.Bson("{_id: 1}"), other);
        producer.Apply(other.Written, reversed);

        foreach (var name in (string[])["GroundTruth", "Image", "InferredValue", "Confidence"])
        {
            var utf8 = System.Text.Encoding.UTF8.GetBytes(name);
            Assert.True(ValueOrder.Equal(Elements.Find(both.Written, utf8), Elements.Find(reversed.Written, utf8)), name);
        }
    }

    private static byte[] Apply(string document, string update)
    {
        var output = new BsonBuffer();
        var before = Shell.Bson(document);
        return DocumentUpdate.Parse(RawValue.Document(Shell.Bson(update))).Apply(before, output) ? output.ToArray() : before;
    }
}
