using Embedded.MongoDB;
using Embedded.MongoDB.Aggregation;
using Embedded.MongoDB.Bson;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Updates;
using Embedded.MongoDB.Values;
using Embedded.Tests.MongoDB.Support;

namespace Embedded.Tests.MongoDB.Query;

/// <summary>
/// Whatever a client sends as a filter, an update or a pipeline is either run or refused as a command's error; nothing else comes out.
/// </summary>
public sealed class RandomSpecificationTests
{
    private static readonly string[] FilterOperators =
    [
        "$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$not", "$exists", "$type", "$regex", "$options", "$mod", "$size", "$all",
        "$elemMatch",
        "$bitsAllSet", "$bitsAnyClear", "$and", "$or", "$nor", "$expr", "$comment", "a", "b", "a.b", "a.0",
    ];

    private static readonly string[] UpdateOperators =
    [
        "$set", "$setOnInsert", "$unset", "$inc", "$mul", "$min", "$max", "$rename", "$currentDate", "$push", "$addToSet", "$pop", "$pull",
        "$pullAll", "$bit",
        "$each", "$slice", "$position", "$sort", "and", "xor", "$type", "a", "b", "c", "a.b", "a.0", "b.$[]", "b.$", "c.1.a",
    ];

    private static readonly string[] Stages =
        [.. StageTable.All.Keys, .. StageTable.Sources, "$out"];

    private static readonly string[] ExpressionNames =
    [
        .. ExpressionTable.All.Keys, .. ExpressionTable.All.Values.SelectMany(row => row.Names ?? []), "$literal", "$let", "$map", "$filter",
        "$reduce", "$cond", "$switch",
        "$sortArray", "$getField", "$setField", "vars", "in", "input", "as", "cond", "initialValue", "if", "then", "else", "branches", "default",
        "sortBy", "field", "value",
        "_id", "a", "b", "path", "coll", "from", "localField", "foreignField", "newRoot", "groupBy", "boundaries", "output", "size", "pipeline",
    ];

    [Fact]
    public void Filters()
    {
        var random = new Random(1);
        Assert.Equal((true, true),
            Run(20_000, () => Document(random, FilterOperators, 3), spec => Filter.Parse(spec).Matches(Shell.Bson(Document(random, [], 2)))));
    }

    [Fact]
    public void Updates()
    {
        var random = new Random(2);
        Assert.Equal((true, true), Run(20_000, () => Document(random, UpdateOperators, 3), spec =>
        {
            var update = DocumentUpdate.Parse(spec);
            var updated = new BsonBuffer();
            if (update.Apply(Shell.Bson(Document(random, [], 2)), updated, position: random.Next(-1, 2)))
            {
                BsonValidator.Validate(updated.Written);
            }
            update.ApplyInsert(Filter.Parse(Shell.Bson(Document(random, [], 1))), new BsonBuffer());
        }));
    }

    [Fact]
    public void Projections_and_sorts()
    {
        var random = new Random(3);
        Assert.Equal((true, true), Run(10_000, () => Document(random, ["$slice", "$elemMatch", "a.$", .. ExpressionNames], 2), spec =>
            Projection.Parse(spec).Apply(Shell.Bson(Document(random, [], 2)), new BsonBuffer())));
        Assert.Equal(
            (true, true), Run(1000, () => Document(random, [], 1), spec => Sort.Parse(spec).Compare(Shell.Bson("{a: 1}"), Shell.Bson("{a: [2]}"))));
    }

    [Fact]
    public void Pipelines()
    {
        var random = new Random(4);
        Assert.Equal(
            (true, true), Run(20_000, () => $"[{{{Pick(random, Stages)}: {Value(random, ExpressionNames, 3)}}}]", spec => RunPipeline(spec, random)));
    }

    [Fact]
    public void Expressions()
    {
        var random = new Random(5);
        Assert.Equal((true, true), Run(40_000,
            () => $"[{{$project: {{x: {{{Pick(random, ExpressionNames)}: {Value(random, ExpressionNames, 3)}}}}}}}]",
            spec => RunPipeline(spec, random)));
    }

    /// <summary>Expressions with the right number of arguments, so that what is inside the operators runs too.</summary>
    [Fact]
    public void Well_formed_expressions()
    {
        var random = new Random(6);
        Assert.Equal((true, true), Run(40_000, () => $"[{{$project: {{x: {Expression(random, 3)}}}}}]", spec => RunPipeline(spec, random)));
    }

    private static string Expression(Random random, int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
        {
            return random.Next(3) switch
            {
                0 => RandomBson.Value(random, depth: 1),
                1 => Pick(random, ["'$a'", "'$b'", "'$c'", "'$a.b'", "'$$ROOT'", "ISODate('2026-03-04T05:06:07Z')", "'%Y-%m'", "'2026-01-01'"]),
                _ => Pick(random, ["'day'", "'month'", "'week'", "'millisecond'", "'+02:00'", "'Europe/Berlin'", "'int'", "'date'", "/a(b)?/i",
                    "'aéb'", "[1, 'x', null]", "{k: 'a', v: 1}"]),
            };
        }
        var inner = () => Expression(random, depth - 1);
        switch (random.Next(9))
        {
            case 0: return $"{{$map: {{input: {inner()}, in: {{$ifNull: ['$$this', {inner()}]}}}}}}";
            case 1: return $"{{$reduce: {{input: {inner()}, initialValue: {inner()}, in: [{inner()}, '$$value', '$$this']}}}}";
            case 2: return $"{{$let: {{vars: {{v: {inner()}}}, in: ['$$v', {inner()}]}}}}";
            case 3: return $"{{$cond: [{inner()}, {inner()}, {inner()}]}}";
        }
        var row = ExpressionTable.All.Values[random.Next(ExpressionTable.All.Count)];
        if (row.Names is null)
        {
            return $"{{{row.Name}: [{string.Join(", ", Enumerable.Range(0, random.Next(row.Least, Math.Min(row.Most, row.Least + 2) + 1)).Select(_ => inner()))}]}}";
        }
        return $"{{{row.Name}: {{{string.Join(", ", row.Names.Take(random.Next(row.Least, row.Names.Length + 1)).Select(name => $"{name}: {inner()}"))}}}}}";
    }

    private static void RunPipeline(byte[] spec, Random random)
    {
        var run = Pipeline.Parse(spec).Start(NoContext.Instance);
        for (var i = 0; i < 3; i++)
        {
            run.Accept(Shell.Bson(Document(random, [], 2)));
        }
        foreach (var result in run.Finish())
        {
            BsonValidator.Validate(result.Span);
        }
    }

    /// <summary>Whether some were run and some refused: a generator that does only one of the two proves nothing.</summary>
    private static (bool SomeRun, bool SomeRefused) Run(int count, Func<string> specification, Action<byte[]> use)
    {
        var (ran, refused) = (false, false);
        var escaped = new Dictionary<string, string>();
        for (var i = 0; i < count; i++)
        {
            var text = specification();
            try
            {
                use(Shell.Bson(text));
                ran = true;
            }
            // 22 would mean that the server itself put together bytes that are no document.
            catch (CommandException problem) when (problem.Code != 22) { refused = true; }
            catch (Exception problem)
            {
                // One example of each place it can go wrong at.
                escaped.TryAdd(
                    problem.StackTrace!.Split('\n').First(line => line.Contains("Embedded.", StringComparison.Ordinal)), $"{text}\n{problem}");
            }
        }
        Assert.True(escaped.Count == 0, string.Join("\n\n", escaped.Values));
        return (ran, refused);
    }

    private static string Document(Random random, string[] names, int depth) =>
        "{" + string.Join(", ", Enumerable.Range(0, random.Next(1, 4))
            .Select(_ => $"'{Pick(random, names.Length == 0 ? ["a", "b", "c"] : names)}': {Value(random, names, depth - 1)}")) + "}";

    private static string Value(Random random, string[] names, int depth) => random.Next(depth > 0 ? 12 : 6) switch
    {
        < 4 => RandomBson.Value(random, depth: 1),
        4 => names.Length == 0 ? "1" : Pick(random, ["'$a'", "'$b.c'", "'$$this'", "'$$ROOT'", "'$'", "''", "'x'", "'day'", "'%Y'", "'1'"]),
        5 => Pick(random, ["1", "-1", "0", "2", "/a/", "[]", "{}", "[1, 2]"]),
        < 8 => "[" + string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, names, depth - 1))) + "]",
        _ => Document(random, names, depth),
    };

    private static string Pick(Random random, string[] names) => names[random.Next(names.Length)];
}
