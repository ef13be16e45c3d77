using Embedded.MongoDB;
using Embedded.MongoDB.Expressions;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;
using Embedded.Tests.MongoDB.Support;

namespace Embedded.Tests.MongoDB.Expressions;

/// <summary>What each expression yields, one case a line.</summary>
public sealed class ExpressionTests
{
    private const string Document = """
        {n: 5, neg: -5, d: 2.5, l: NumberLong(7), s: 'héllo', e: '', z: null, t: true, arr: [3, 1, 2], objs: [{b: 1}, {c: 2}, {b: 3}],
         o: {x: 1, y: {z: 2}}, at: ISODate('2026-03-04T05:06:07.089Z'), later: ISODate('2026-03-05T05:06:07.089Z'),
         bin: BinData('010203'), id: ObjectId('65e5a0000000000000000001')}
        """;

    [Theory]
    [InlineData("{$divide: [4, 2]}", "2.0")]
    [InlineData("{$add: [2147483647, 1]}", "NumberLong(2147483648)")]
    [InlineData("{$add: ['$at', 1000]}", "ISODate('2026-03-04T05:06:08.089Z')")]
    [InlineData("{$add: ['$n', NumberDecimal('0.5')]}", "NumberDecimal('5.5')")]
    [InlineData("{$add: ['$n', '$missing']}", "null")]
    [InlineData("{$subtract: ['$later', '$at']}", "NumberLong(86400000)")]
    [InlineData("{$multiply: ['$n', 2.0]}", "10.0")]
    [InlineData("{$mod: [-5, 3]}", "-2")]
    [InlineData("{$round: [2.5, 0]}", "2.0")]
    [InlineData("{$round: ['$n', -1]}", "0")]
    [InlineData("{$round: [19.25, 1]}", "19.2")]
    [InlineData("{$trunc: [-2.5]}", "-2.0")]
    [InlineData("{$abs: '$neg'}", "5")]
    [InlineData("{$ceil: 2.1}", "3.0")]
    [InlineData("{$pow: [2, 10]}", "1024")]
    [InlineData("{$sqrt: 9}", "3.0")]
    [InlineData("{$sum: ['x', 1, null]}", "1")]
    [InlineData("{$sum: '$arr'}", "6")]
    [InlineData("{$avg: ['x']}", "null")]
    [InlineData("{$max: '$arr'}", "3")]
    [InlineData("{$concat: ['a', null]}", "null")]
    [InlineData("{$concat: ['a', '$s']}", "'ahéllo'")]
    [InlineData("{$substrCP: ['héllo', 1, 2]}", "'él'")]
    [InlineData("{$substrBytes: ['hello', 1, 2]}", "'el'")]
    [InlineData("{$toUpper: '$s'}", "'HÉLLO'")]
    [InlineData("{$strLenCP: '$s'}", "5")]
    [InlineData("{$strLenBytes: '$s'}", "6")]
    [InlineData("{$split: ['a-b-c', '-']}", "['a', 'b', 'c']")]
    [InlineData("{$trim: {input: '  x '}}", "'x'")]
    [InlineData("{$indexOfCP: ['héllo', 'l']}", "2")]
    [InlineData("{$replaceAll: {input: 'a.b.c', find: '.', replacement: '/'}}", "'a/b/c'")]
    [InlineData("{$regexMatch: {input: '$s', regex: /^H/i}}", "true")]
    [InlineData("{$regexFind: {input: 'abc', regex: '(b)c'}}", "{match: 'bc', idx: 1, captures: ['b']}")]
    [InlineData("{$cond: ['', 1, 0]}", "1")]
    [InlineData("{$cond: [[], 1, 0]}", "1")]
    [InlineData("{$cond: {if: '$missing', then: 1, else: 0}}", "0")]
    [InlineData("{$ifNull: ['$missing', 'd']}", "'d'")]
    [InlineData("{$ifNull: ['$missing', '$z', '$n']}", "5")]
    [InlineData("{$switch: {branches: [{case: {$gt: ['$n', 9]}, then: 'a'}, {case: '$t', then: 'b'}], default: 'c'}}", "'b'")]
    [InlineData("{$arrayElemAt: [[1, 2], -1]}", "2")]
    [InlineData("{$size: '$arr'}", "3")]
    [InlineData("{$slice: ['$arr', -2]}", "[1, 2]")]
    [InlineData("{$slice: ['$arr', 1, 1]}", "[1]")]
    [InlineData("{$concatArrays: ['$arr', [9]]}", "[3, 1, 2, 9]")]
    [InlineData("{$in: [1.0, '$arr']}", "true")]
    [InlineData("{$indexOfArray: ['$arr', 2]}", "2")]
    [InlineData("{$range: [0, 6, 2]}", "[0, 2, 4]")]
    [InlineData("{$reverseArray: '$arr'}", "[2, 1, 3]")]
    [InlineData("{$sortArray: {input: '$arr', sortBy: -1}}", "[3, 2, 1]")]
    [InlineData("{$map: {input: '$arr', as: 'x', in: {$add: ['$$x', '$n']}}}", "[8, 6, 7]")]
    [InlineData("{$filter: {input: '$arr', cond: {$gt: ['$$this', 1]}}}", "[3, 2]")]
    [InlineData("{$reduce: {input: '$arr', initialValue: 0, in: {$add: ['$$value', '$$this']}}}", "6")]
    [InlineData("{$let: {vars: {a: 1, b: '$n'}, in: {$add: ['$$a', '$$b']}}}", "6")]
    [InlineData("{$zip: {inputs: [[1, 2], ['a', 'b']]}}", "[[1, 'a'], [2, 'b']]")]
    [InlineData("{$setUnion: [[2, 1], [1, 3]]}", "[1, 2, 3]")]
    [InlineData("{$setIsSubset: [[1], '$arr']}", "true")]
    [InlineData("{$anyElementTrue: [[0, null, 'x']]}", "true")]
    [InlineData("{$mergeObjects: ['$o', {x: 9, w: 1}]}", "{x: 9, y: {z: 2}, w: 1}")]
    [InlineData("{$objectToArray: {a: 1}}", "[{k: 'a', v: 1}]")]
    [InlineData("{$arrayToObject: [[['a', 1], ['b', 2]]]}", "{a: 1, b: 2}")]
    [InlineData("{$getField: {field: 'x', input: '$o'}}", "1")]
    [InlineData("{$setField: {field: 'a.b', input: {}, value: 1}}", "{'a.b': 1}")]
    [InlineData("{$literal: '$n'}", "'$n'")]
    [InlineData("'$o.y.z'", "2")]
    [InlineData("'$objs.b'", "[1, 3]")]
    [InlineData("'$$ROOT.n'", "5")]
    [InlineData("{a: '$n', b: '$missing'}", "{a: 5}")]
    [InlineData("['$n', '$missing']", "[5, null]")]
    [InlineData("{$eq: ['$x', '$y']}", "true")]
    [InlineData("{$eq: ['$x', null]}", "false")]
    [InlineData("{$lt: ['$x', null]}", "true")]
    [InlineData("{$gt: ['a', 5]}", "true")]
    [InlineData("{$cmp: [1, 2.5]}", "-1")]
    [InlineData("{$and: [1, '', '$t']}", "true")]
    [InlineData("{$not: ['$missing']}", "true")]
    [InlineData("{$type: '$missing'}", "'missing'")]
    [InlineData("{$type: '$l'}", "'long'")]
    [InlineData("{$toString: 1.0}", "'1'")]
    [InlineData("{$toString: '$at'}", "'2026-03-04T05:06:07.089Z'")]
    [InlineData("{$toInt: '12'}", "12")]
    [InlineData("{$toDouble: '1e3'}", "1000.0")]
    [InlineData("{$toBool: 'false'}", "true")]
    [InlineData("{$toDate: '2026-03-04T05:06:07.089Z'}", "ISODate('2026-03-04T05:06:07.089Z')")]
    [InlineData("{$convert: {input: 'x', to: 'int', onError: -1}}", "-1")]
    [InlineData("{$binarySize: '$bin'}", "3")]
    [InlineData("{$dateTrunc: {date: '$at', unit: 'hour', binSize: 6}}", "ISODate('2026-03-04T00:00:00Z')")]
    [InlineData("{$dateTrunc: {date: '$at', unit: 'week'}}", "ISODate('2026-03-01T00:00:00Z')")]
    [InlineData("{$dateTrunc: {date: '$at', unit: 'minute'}}", "ISODate('2026-03-04T05:06:00Z')")]
    [InlineData("{$dateTrunc: {date: '$at', unit: 'month'}}", "ISODate('2026-03-01T00:00:00Z')")]
    [InlineData("{$dateTrunc: {date: '$at', unit: 'day', timezone: '+06:00'}}", "ISODate('2026-03-03T18:00:00Z')")]
    [InlineData("{$dateToString: {date: '$at'}}", "'2026-03-04T05:06:07.089Z'")]
    [InlineData("{$dateToString: {date: '$at', format: '%Y/%m/%d %H:%M %j %z', timezone: '-02:30'}}", "'2026/03/04 02:36 063 -0230'")]
    [InlineData("{$dateFromString: {dateString: '2026-03-04'}}", "ISODate('2026-03-04T00:00:00Z')")]
    [InlineData("{$dateToParts: {date: '$at'}}", "{year: 2026, month: 3, day: 4, hour: 5, minute: 6, second: 7, millisecond: 89}")]
    [InlineData("{$dateFromParts: {year: 2026, month: 14}}", "ISODate('2027-02-01T00:00:00Z')")]
    [InlineData("{$dateAdd: {startDate: '$at', unit: 'month', amount: 1}}", "ISODate('2026-04-04T05:06:07.089Z')")]
    [InlineData("{$dateDiff: {startDate: '$at', endDate: '$later', unit: 'day'}}", "NumberLong(1)")]
    [InlineData("{$year: '$at'}", "2026")]
    [InlineData("{$dayOfWeek: {date: '$at'}}", "4")]
    [InlineData("{$isoWeek: '$at'}", "10")]
    public void An_expression_yields(string expression, string expected)
    {
        Assert.Equal(Render(Shell.Value(expected)), Render(Evaluate(expression)));
    }

    [Theory]
    [InlineData("{$arrayElemAt: [[1, 2], 5]}")]
    [InlineData("'$missing.x'")]
    [InlineData("'$n.x'")]
    [InlineData("'$$REMOVE'")]
    public void An_expression_yields_nothing(string expression)
    {
        Assert.True(Evaluate(expression).Raw.IsMissing);
    }

    [Theory]
    [InlineData("{$size: '$missing'}", 17124)]
    [InlineData("{$toInt: '12.5'}", 241)]
    [InlineData("{$divide: ['$n', 0]}", 2)]
    [InlineData("{$add: ['$n', 'x']}", 14)]
    [InlineData("{$foo: 1}", 168)]
    [InlineData("{$function: {}}", 168)]
    [InlineData("{$add: [1], $subtract: [1, 1]}", 15983)]
    [InlineData("{$subtract: [1]}", 16020)]
    [InlineData("'$$nope'", 17276)]
    [InlineData("'$a..b'", 15998)]
    [InlineData("'$'", 16872)]
    [InlineData("{$cond: {if: 1, then: 2}}", 17082)]
    [InlineData("{$dateTrunc: {date: '$at', unit: 'lightyear'}}", 9)]
    [InlineData("{$switch: {branches: [{case: '$missing', then: 1}]}}", 40066)]
    public void An_expression_that_cannot_be_is_refused(string expression, int code)
    {
        Assert.Equal(code, Assert.ThrowsAny<CommandException>(() => Evaluate(expression)).Code);
    }

    /// <summary>Scalars compare alike in a filter and in an expression, except for missing and for classes, which are left out here.</summary>
    [Theory]
    [InlineData("$eq")]
    [InlineData("$gt")]
    [InlineData("$gte")]
    [InlineData("$lt")]
    [InlineData("$lte")]
    public void A_filter_and_an_expression_agree_on_numbers_strings_and_dates(string comparison)
    {
        var random = new Random(42);
        for (var i = 0; i < 2000; i++)
        {
            var (left, right) = (RandomBson.Value(random, 0), RandomBson.Value(random, 0));
            var a = Shell.Value(left).Raw;
            var b = Shell.Value(right).Raw;
            if (a.IsNullish || b.IsNullish || ValueOrder.ClassOf(a.Type) is 1 or 17 || ValueOrder.ClassOf(b.Type) is 1 or 17 || left == "NaN"
                || right == "NaN")
            {
                continue;
            }
            if (comparison != "$eq" && ValueOrder.ClassOf(a.Type) != ValueOrder.ClassOf(b.Type))
            {
                continue;
            }

            var document = Shell.Bson($"{{a: {left}}}");
            var filter = Filter.Parse(Shell.Bson($"{{a: {{{comparison}: {right}}}}}"));
            var expression = Filter.Parse(Shell.Bson($"{{$expr: {{{comparison}: ['$a', {{$literal: {right}}}]}}}}"));
            Assert.True(filter.Matches(document) == expression.Matches(document), $"{left} {comparison} {right}");
        }
    }

    [Theory]
    [InlineData("{$expr: {$gt: ['$a', '$b']}}", "{a: 'x', b: 5}", true)]
    [InlineData("{$expr: {$gt: ['$a', '$b']}}", "{a: 1}", true)]
    [InlineData("{$expr: {$gt: ['$a', '$b']}}", "{a: 1, b: 2}", false)]
    [InlineData("{$expr: {$eq: ['$a', null]}}", "{a: null}", true)]
    [InlineData("{$expr: {$eq: ['$a', null]}}", "{}", false)]
    public void An_expression_in_a_filter_compares_by_its_own_rules(string filter, string document, bool matches)
    {
        Assert.Equal(matches, Filter.Parse(Shell.Bson(filter)).Matches(Shell.Bson(document)));
    }

    [Fact]
    public void Variables_of_the_command_are_seen()
    {
        var variables = Variables.Parse(Shell.Bson("{limit: {$add: [1, 2]}}"), DateTimeOffset.UnixEpoch);

        Assert.True(Filter.Parse(Shell.Bson("{$expr: {$gt: ['$a', '$$limit']}}"), variables).Matches(Shell.Bson("{a: 4}")));
        Assert.Equal("9:0000000000000000", Render(Expression.EvaluateConstant(Shell.Value("'$$NOW'").Raw, variables)));
    }

    private static StoredValue Evaluate(string expression)
    {
        var scope = new ExpressionScope(Variables.None);
        var parsed = Expression.Parse(Shell.Value(expression).Raw, scope);
        var evaluation = new Evaluation(scope);
        var document = Shell.Bson(Document);
        evaluation.Begin(document);
        return StoredValue.Copy(parsed.Evaluate(document, evaluation));
    }

    private static string Render(StoredValue value) => $"{(int)value.Type}:{Convert.ToHexStringLower(value.Bytes.Span)}";
}
