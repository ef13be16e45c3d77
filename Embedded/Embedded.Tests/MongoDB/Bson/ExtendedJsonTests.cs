using MongoDB.Bson;
using MongoDB.Bson.IO;
using Xunit;

namespace Embedded.Tests.MongoDB.Bson;

/// <summary>Extended JSON v2: what is written, what is read, and what is refused.</summary>
public sealed class ExtendedJsonTests
{
    [Theory]
    [InlineData("""{ "$numberInt" : "1" }""", "1")]
    [InlineData("""{ "$numberLong" : "9223372036854775807" }""", "9223372036854775807")]
    [InlineData("""{ "$numberDouble" : "1.0" }""", "1.0")]
    [InlineData("""{ "$numberDouble" : "-0.0" }""", "-0.0")]
    [InlineData("""{ "$numberDouble" : "1.2345678921232E+18" }""", "1.2345678921232E+18")]
    [InlineData("""{ "$numberDouble" : "Infinity" }""", """{ "$numberDouble" : "Infinity" }""")]
    [InlineData("""{ "$numberDouble" : "NaN" }""", """{ "$numberDouble" : "NaN" }""")]
    [InlineData("""{ "$numberDecimal" : "1.5" }""", """{ "$numberDecimal" : "1.5" }""")]
    [InlineData("""{ "$date" : { "$numberLong" : "1356351330501" } }""", """{ "$date" : "2012-12-24T12:15:30.501Z" }""")]
    [InlineData("""{ "$date" : { "$numberLong" : "1356351330000" } }""", """{ "$date" : "2012-12-24T12:15:30Z" }""")]
    [InlineData("""{ "$date" : { "$numberLong" : "-1" } }""", """{ "$date" : { "$numberLong" : "-1" } }""")]
    [InlineData("""{ "$date" : { "$numberLong" : "253402300800000" } }""", """{ "$date" : { "$numberLong" : "253402300800000" } }""")]
    [InlineData("""{ "$oid" : "56e1fc72e0c917e9c4714161" }""", """{ "$oid" : "56e1fc72e0c917e9c4714161" }""")]
    [InlineData("""{ "$binary" : { "base64" : "//8=", "subType" : "00" } }""", """{ "$binary" : { "base64" : "//8=", "subType" : "00" } }""")]
    [InlineData("""{ "$timestamp" : { "t" : 4294967295, "i" : 4294967295 } }""", """{ "$timestamp" : { "t" : 4294967295, "i" : 4294967295 } }""")]
    [InlineData("""{ "$code" : "a", "$scope" : { "x" : { "$numberInt" : "1" } } }""", """{ "$code" : "a", "$scope" : { "x" : 1 } }""")]
    [InlineData("\"a\\u0000\\n\\\"\\\\\u00e9\"", "\"a\\u0000\\n\\\"\\\\\u00e9\"")]
    public void Canonical_and_relaxed_text_mean_the_same_value(string canonical, string relaxed)
    {
        var document = BsonDocument.Parse($$"""{ "v" : {{canonical}} }""");

        Assert.Equal($$"""{ "v" : {{canonical}} }""", document.ToJson(new() { OutputMode = JsonOutputMode.CanonicalExtendedJson }));
        Assert.Equal($$"""{ "v" : {{relaxed}} }""", document.ToJson());
        Assert.Equal(document, BsonDocument.Parse(document.ToJson()));
    }

    [Theory]
    [InlineData("""{ v : ObjectId("56e1fc72e0c917e9c4714161") }""", """{ "v" : { "$oid" : "56e1fc72e0c917e9c4714161" } }""")]
    [InlineData("""{ v : ISODate('2012-12-24T12:15:30.501Z'), w : new Date(0) }""", """{ "v" : { "$date" : "2012-12-24T12:15:30.501Z" }, "w" : { "$date" : "1970-01-01T00:00:00Z" } }""")]
    [InlineData("""{ v : NumberLong(1), w : NumberLong("2"), x : NumberDecimal("1.0") }""", """{ "v" : 1, "w" : 2, "x" : { "$numberDecimal" : "1.0" } }""")]
    [InlineData("""{ $group : { _id : null, n : { $sum : 1 } } }""", """{ "$group" : { "_id" : null, "n" : { "$sum" : 1 } } }""")]
    [InlineData("""{ v : /a\/b/im }""", """{ "v" : { "$regularExpression" : { "pattern" : "a/b", "options" : "im" } } }""")]
    [InlineData("""{ v : MinKey, w : MaxKey(), x : undefined, y : Timestamp(1, 2) }""", """{ "v" : { "$minKey" : 1 }, "w" : { "$maxKey" : 1 }, "x" : { "$undefined" : true }, "y" : { "$timestamp" : { "t" : 1, "i" : 2 } } }""")]
    [InlineData("""{ "$binary" : "not wrapped" }""", """{ "$binary" : "not wrapped" }""")]
    [InlineData("""{ a : { $regex : "^x", $options : "i" } }""", """{ "a" : { "$regex" : "^x", "$options" : "i" } }""")]
    [InlineData("""{ "$ref" : "a", "$id" : 1, "$unknown" : 2 }""", """{ "$ref" : "a", "$id" : 1, "$unknown" : 2 }""")]
    [InlineData("""{ a : 2147483647, b : 2147483648, c : 9223372036854775808, d : -0 }""", """{ "a" : 2147483647, "b" : 2147483648, "c" : 9.223372036854776E+18, "d" : -0.0 }""")]
    public void The_shells_forms_are_read(string text, string expected) => Assert.Equal(expected, BsonDocument.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{ a : 1 ")]
    [InlineData("{ a : 1 } x")]
    [InlineData("{ a : 1, }")]
    [InlineData("{ a : 1, a : 2, }")]
    [InlineData("{ \"a : 1 }")]
    [InlineData("{ a : 01 }")]
    [InlineData("{ a : 1. }")]
    [InlineData("{ a : \"\\x\" }")]
    [InlineData("""{ "a" : { "$oid" : "123" } }""")]
    [InlineData("""{ "a" : { "$oid" : "56e1fc72e0c917e9c4714161", "x" : 1 } }""")]
    [InlineData("""{ "a" : { "$numberInt" : "2147483648" } }""")]
    [InlineData("""{ "a" : { "$numberInt" : 1 } }""")]
    [InlineData("""{ "a" : { "$numberDecimal" : "1.00000000000000000000000000000000001" } }""")]
    [InlineData("""{ "a" : { "$date" : "tomorrow" } }""")]
    [InlineData("""{ "a" : { "$date" : 42 } }""")]
    [InlineData("""{ "a" : { "$code" : "", "$scope" : 42 } }""")]
    [InlineData("""{ "a" : { "$binary" : "", "$type" : 0 } }""")]
    [InlineData("""{ "a" : { "$maxKey" : true } }""")]
    [InlineData("""{ "a" : { "$binary" : { "base64" : "=", "subType" : "00" } } }""")]
    [InlineData("""{ "a" : { "$uuid" : "73ffd264-44b3-4c69-90e8" } }""")]
    [InlineData("""{ "a" : { "$timestamp" : { "t" : -1, "i" : 0 } } }""")]
    [InlineData("""{ "a" : { "$minKey" : 2 } }""")]
    [InlineData("""{ "a" : foo }""")]
    [InlineData("""{ "a\u0000b" : 1 }""")]
    public void Text_that_is_no_document_is_refused(string text)
    {
        Assert.False(BsonDocument.TryParse(text, out _));
    }

    [Fact]
    public void Two_hundred_levels_are_read_and_more_are_refused()
    {
        static string Nested(int levels) => string.Concat(Enumerable.Repeat("{ a : ", levels)) + "1" + string.Concat(Enumerable.Repeat(" }", levels));

        Assert.True(BsonDocument.TryParse(Nested(200), out _));
        Assert.False(BsonDocument.TryParse(Nested(100_000), out _));
    }

    [Fact]
    public void Indented_text_has_a_line_for_each_element() =>
        Assert.Equal("{\n  \"a\" : 1,\n  \"b\" : {\n    \"c\" : [1, 2]\n  }\n}", BsonDocument.Parse("{ a : 1, b : { c : [1, 2] } }").ToJson(new() { Indent = true }));

    [Fact]
    public void Random_text_is_read_or_refused_and_nothing_else()
    {
        const string pieces = "{}[]:,\"'$a\\u01-.eE+/()  \n";
        var random = new Random(3);
        for (var i = 0; i < 50_000; i++)
        {
            var text = "{" + string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (BsonDocument.TryParse(text, out var document))
                Assert.NotNull(document.ToJson());
        }
    }
}
