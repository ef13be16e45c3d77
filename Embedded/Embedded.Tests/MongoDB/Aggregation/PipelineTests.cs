using Embedded.MongoDB;
using Embedded.MongoDB.Aggregation;
using Embedded.MongoDB.Updates;
using Embedded.MongoDB.Values;
using Embedded.Tests.MongoDB.Support;

namespace Embedded.Tests.MongoDB.Aggregation;

/// <summary>Pipelines from end to end: the ones this system asks, and each stage.</summary>
public sealed class PipelineTests
{
    private static readonly string[] Images =
    [
        "{_id: 1, ProducerID: 'p1', GroundTruth: 'cat', InferredValue: 'cat', Confidence: 0.5, Timestamp: ISODate('2026-01-01T00:00:10Z')}",
        "{_id: 2, ProducerID: 'p1', GroundTruth: 'cat', InferredValue: 'dog', Confidence: 1.0, Timestamp: ISODate('2026-01-01T00:00:50Z')}",
        "{_id: 3, ProducerID: 'p2', GroundTruth: 'dog', InferredValue: 'dog', Confidence: 0.75, Timestamp: ISODate('2026-01-01T00:01:00Z')}",
        "{_id: 4, ProducerID: 'p2', GroundTruth: 'dog', Timestamp: ISODate('2026-01-01T00:01:30Z')}",
    ];

    [Fact]
    public void Overall_accuracy_is_one_document_with_its_keys_in_order()
    {
        AssertResults(
            """
            [{$group: {_id: null, total: {$sum: 1}, correct: {$sum: {$cond: [{$eq: ['$InferredValue', '$GroundTruth']}, 1, 0]}}}},
             {$project: {_id: 0, total: 1, correct: 1, accuracy: {$divide: ['$correct', '$total']}}}]
            """,
            Images,
            "{total: 4, correct: 2, accuracy: 0.5}");
    }

    [Fact]
    public void Accuracy_of_nothing_is_no_document()
    {
        AssertResults("[{$group: {_id: null, total: {$sum: 1}}}, {$project: {a: {$divide: [1, '$total']}}}]", []);
    }

    [Fact]
    public void Errors_per_producer_come_worst_first()
    {
        AssertResults(
            """
            [{$match: {InferredValue: {$exists: true}}},
             {$group: {_id: '$ProducerID', errors: {$sum: {$cond: [{$ne: ['$InferredValue', '$GroundTruth']}, 1, 0]}}, n: {$sum: 1}}}, {$sort: {errors: -1}}]
            """,
            Images,
            "{_id: 'p1', errors: 1, n: 2}", "{_id: 'p2', errors: 0, n: 1}");
    }

    [Fact]
    public void The_confusion_matrix_is_sorted_by_truth_and_prediction()
    {
        AssertResults(
            "[{$group: {_id: {truth: '$GroundTruth', pred: '$InferredValue'}, n: {$sum: 1}}}, {$sort: {'_id.truth': 1, '_id.pred': 1}}]",
            Images,
            "{_id: {truth: 'cat', pred: 'cat'}, n: 1}", "{_id: {truth: 'cat', pred: 'dog'}, n: 1}", "{_id: {truth: 'dog'}, n: 1}",
            "{_id: {truth: 'dog', pred: 'dog'}, n: 1}");
    }

    [Fact]
    public void Throughput_is_counted_by_minute()
    {
        AssertResults(
            """
            [{$match: {Timestamp: {$gte: ISODate('2026-01-01T00:00:00Z'), $lt: ISODate('2026-01-01T00:01:30Z')}}},
             {$group: {_id: {$dateTrunc: {date: '$Timestamp', unit: 'minute'}}, n: {$sum: 1}, conf: {$avg: '$Confidence'}}}, {$sort: {_id: 1}}]
            """,
            Images,
            "{_id: ISODate('2026-01-01T00:00:00Z'), n: 2, conf: 0.75}", "{_id: ISODate('2026-01-01T00:01:00Z'), n: 1, conf: 0.75}");
    }

    [Theory]
    [InlineData("[{$skip: 1}, {$limit: 1}]", "{a: 2}")]
    [InlineData("[{$sort: {a: -1}}, {$limit: 2}]", "{a: 3}|{a: 2}")]
    [InlineData("[{$sort: {a: -1}}, {$skip: 1}, {$limit: 1}]", "{a: 2}")]
    [InlineData("[{$count: 'n'}]", "{n: 3}")]
    [InlineData("[{$match: {a: {$gt: 1}}}, {$project: {b: {$add: ['$a', 1]}}}]", "{b: 3}|{b: 4}")]
    [InlineData("[{$addFields: {'x.y': '$a'}}, {$unset: 'a'}, {$limit: 1}]", "{x: {y: 1}}")]
    [InlineData("[{$replaceRoot: {newRoot: {v: '$a'}}}, {$skip: 2}]", "{v: 3}")]
    [InlineData("[{$group: {_id: {$mod: ['$a', 2]}, l: {$push: '$a'}, s: {$addToSet: 'x'}, lo: {$min: '$a'}, hi: {$max: '$a'}, f: {$first: '$a'}, e: {$last: '$a'}}}]",
        "{_id: 1, l: [1, 3], s: ['x'], lo: 1, hi: 3, f: 1, e: 3}|{_id: 0, l: [2], s: ['x'], lo: 2, hi: 2, f: 2, e: 2}")]
    [InlineData("[{$sortByCount: {$gt: ['$a', 1]}}]", "{_id: true, count: 2}|{_id: false, count: 1}")]
    [InlineData("[{$bucket: {groupBy: '$a', boundaries: [0, 2, 3], default: 'other'}}]",
        "{_id: 0, count: 1}|{_id: 2, count: 1}|{_id: 'other', count: 1}")]
    [InlineData("[{$facet: {n: [{$count: 'c'}], first: [{$limit: 1}]}}]", "{n: [{c: 3}], first: [{a: 1}]}")]
    [InlineData("[{$lookup: {from: 'other', localField: 'a', foreignField: 'k', as: 'm'}}, {$limit: 2}]",
        "{a: 1, m: [{k: 1.0, v: 'one'}]}|{a: 2, m: [{k: [2, 3], v: 'more'}]}")]
    [InlineData("[{$limit: 1}, {$unionWith: 'other'}, {$project: {v: 1}}]", "{}|{v: 'one'}|{v: 'more'}")]
    public void A_pipeline_yields(string pipeline, string expected)
    {
        AssertResults(pipeline, ["{a: 1}", "{a: 2}", "{a: 3}"], expected.Split('|'));
    }

    [Theory]
    [InlineData("'$a'", "{a: 1, b: 9}|{a: 2, b: 9}")]
    [InlineData("{path: '$a', includeArrayIndex: 'i', preserveNullAndEmptyArrays: true}",
        "{a: 1, b: 9, i: NumberLong(0)}|{a: 2, b: 9, i: NumberLong(1)}|{c: 1, i: null}|{i: null}")]
    public void An_array_is_unwound(string spec, string expected)
    {
        AssertResults($"[{{$unwind: {spec}}}]", ["{a: [1, 2], b: 9}", "{c: 1}", "{a: []}"], expected.Split('|'));
    }

    [Theory]
    [InlineData("[{$foo: 1}]", 40324)]
    [InlineData("[{$match: 1}]", 15959)]
    [InlineData("[{$limit: 0}]", 15958)]
    [InlineData("[{$limit: 1, $skip: 1}]", 40323)]
    [InlineData("[{$group: {a: {$sum: 1}}}]", 15955)]
    [InlineData("[{$group: {_id: 1, a: {$foo: 1}}}]", 15952)]
    [InlineData("[{$group: {_id: 1, a: 1}}]", 40234)]
    [InlineData("[{$project: {}}]", 51272)]
    [InlineData("[{$project: {a: 1, b: 0}}]", 31254)]
    [InlineData("[{$project: {a: 1, 'a.b': 1}}]", 31249)]
    [InlineData("[{$count: '$x'}]", 40158)]
    [InlineData("[{$unwind: 'a'}]", 28818)]
    [InlineData("[{$sort: {}}]", 15976)]
    [InlineData("[{$changeStream: {}}]", 40573)]
    [InlineData("[{$merge: 'x'}]", 238)]
    [InlineData("[{$limit: 1}, {$collStats: {}}]", 40602)]
    [InlineData("[{$out: 'x'}, {$limit: 1}]", 40601)]
    public void A_pipeline_that_cannot_be_is_refused(string pipeline, int code)
    {
        Assert.Equal(code, Assert.ThrowsAny<CommandException>(() => Pipeline.Parse(Shell.Bson(pipeline))).Code);
    }

    [Fact]
    public void A_pipeline_says_what_it_needs()
    {
        var pipeline = Pipeline.Parse(Shell.Bson("[{$match: {a: 1}}, {$group: {_id: '$b', n: {$sum: '$c.d'}}}, {$project: {z: 1}}]"));

        Assert.Equal(["a", "b", "c"], pipeline.Uses.Names.Order());
        Assert.Equal("a", Assert.Single(pipeline.LeadingMatch!.Bounds).Path);
        Assert.True(Pipeline.Parse(Shell.Bson("[{$match: {a: 1}}]")).Uses.IsAll);
        Assert.Equal("x", Pipeline.Parse(Shell.Bson("[{$out: 'x'}]")).Target!.Collection);
        Assert.Equal("$collStats", Pipeline.Parse(Shell.Bson("[{$collStats: {}}]")).Source!.Name);
    }

    [Fact]
    public void A_limit_says_when_it_has_enough()
    {
        var run = Pipeline.Parse(Shell.Bson("[{$limit: 2}]")).Start(NoContext.Instance);

        Assert.True(run.Accept(Shell.Bson("{a: 1}")));
        Assert.False(run.Accept(Shell.Bson("{a: 2}")));
        Assert.True(run.TryTake(out _));
    }

    [Fact]
    public void Groups_are_told_apart_by_value_and_not_by_type()
    {
        AssertResults(
            "[{$group: {_id: '$a', n: {$sum: 1}}}]",
            ["{a: 1}", "{a: 1.0}", "{a: NumberLong(1)}", "{a: NumberDecimal('1.0')}", "{}", "{a: null}", "{a: true}"],
            "{_id: 1, n: 4}", "{_id: null, n: 2}", "{_id: true, n: 1}");
    }

    [Fact]
    public void Groups_of_random_documents_agree_with_a_plain_count()
    {
        var random = new Random(7);
        var documents = Enumerable.Range(0, 2000).Select(_ => RandomBson.Document(random, 1)).ToArray();
        var plain = new List<(StoredValue Id, int Count)>();
        foreach (var document in documents)
        {
            var value = Elements.Find(Shell.Bson(document), "a"u8);
            var id = StoredValue.Copy(value.IsMissing ? RawValue.Null : value);
            var at = plain.FindIndex(known => known.Id.Equals(id));
            if (at < 0)
            {
                plain.Add((id, 1));
            }
            else
            {
                plain[at] = (plain[at].Id, plain[at].Count + 1);
            }
        }

        var results = Run("[{$group: {_id: '$a', n: {$sum: 1}}}]", documents);

        Assert.Equal(plain.Select(group => group.Count), results.Select(result => Elements.Find(result.Span, "n"u8).AsInt32));
    }

    [Fact]
    public void A_pipeline_can_be_an_update()
    {
        var output = new BsonBuffer();
        var update = DocumentUpdate.Parse(Shell.Value("[{$set: {b: {$add: ['$a', 1]}}}, {$unset: 'a'}]").Raw);

        Assert.True(update.Apply(Shell.Bson("{_id: 7, a: 1}"), output));
        Assert.Equal(Shell.Bson("{_id: 7, b: 2}"), output.ToArray());
        Assert.Equal(72, Assert.ThrowsAny<CommandException>(() => DocumentUpdate.Parse(Shell.Value("[{$match: {}}]").Raw)).Code);
    }

    private static void AssertResults(string pipeline, string[] documents, params string[] expected)
    {
        var results = Run(pipeline, documents);
        Assert.Equal(
            expected.Select(text => Convert.ToHexStringLower(Shell.Bson(text))), results.Select(result => Convert.ToHexStringLower(result.Span)));
    }

    private static List<ReadOnlyMemory<byte>> Run(string pipeline, string[] documents)
    {
        var run = Pipeline.Parse(Shell.Bson(pipeline)).Start(new Collections());
        foreach (var document in documents)
        {
            if (!run.Accept(Shell.Bson(document)))
            {
                break;
            }
        }
        return [.. run.Finish()];
    }

    private sealed class Collections : IPipelineContext
    {
        public IEnumerable<ReadOnlyMemory<byte>> Read(string collection) =>
            collection == "other" ? [Shell.Bson("{k: 1.0, v: 'one'}"), Shell.Bson("{k: [2, 3], v: 'more'}")] : [];
    }
}
