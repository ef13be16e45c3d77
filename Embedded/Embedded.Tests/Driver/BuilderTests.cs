using MongoDB.Bson;
using MongoDB.Driver;
using Xunit;

namespace Embedded.Tests.Driver;

/// <summary>What the builders build.</summary>
public sealed class BuilderTests
{
    private static readonly FilterDefinitionBuilder<BsonDocument> Filter = Builders<BsonDocument>.Filter;
    private static readonly UpdateDefinitionBuilder<BsonDocument> Update = Builders<BsonDocument>.Update;

    public static TheoryData<string, FilterDefinition<BsonDocument>> Filters => new()
    {
        { "{ }", Filter.Empty },
        { """{ "a" : 1 }""", Filter.Eq("a", 1) },
        { """{ "a" : { "$gte" : 1, "$lt" : 5 } }""", "{ a : { $gte : 1, $lt : 5 } }" },
        { """{ "a" : { "$in" : [1, 2] } }""", Filter.In("a", [1, 2]) },
        { """{ "a" : 1, "b" : 2 }""", Filter.Eq("a", 1) & Filter.Eq("b", 2) },
        { """{ "$and" : [{ "a" : { "$gt" : 1 } }, { "a" : { "$lt" : 5 } }] }""", Filter.Gt("a", 1) & Filter.Lt("a", 5) },
        { """{ "$or" : [{ "a" : 1 }, { "b" : 2 }, { "c" : 3 }] }""", Filter.Eq("a", 1) | Filter.Eq("b", 2) | Filter.Eq("c", 3) },
        { """{ "a" : { "$ne" : 1 } }""", !Filter.Eq("a", 1) },
        { """{ "a" : { "$not" : { "$gt" : 1 } } }""", !Filter.Gt("a", 1) },
        { """{ "$nor" : [{ "a" : 1 }, { "b" : 2 }] }""", !(Filter.Eq("a", 1) | Filter.Eq("b", 2)) },
        { """{ "a" : { "$exists" : false } }""", Filter.Exists("a", false) },
        { """{ "a" : { "$type" : 2 } }""", Filter.Type("a", BsonType.String) },
        { """{ "a" : { "$elemMatch" : { "b" : 1 } } }""", Filter.ElemMatch<BsonDocument>("a", new BsonDocument("b", 1)) },
        { """{ "a" : { "$regularExpression" : { "pattern" : "x", "options" : "i" } } }""", Filter.Regex("a", "/x/i") },
    };

    public static TheoryData<string, UpdateDefinition<BsonDocument>> Updates => new()
    {
        { """{ "$set" : { "a" : 1, "b" : "x" }, "$inc" : { "n" : 2 } }""", Update.Set("a", 1).Set("b", "x").Inc("n", 2) },
        { """{ "$setOnInsert" : { "a" : null } }""", Update.SetOnInsert("a", (string?)null) },
        { """{ "$push" : { "a" : { "$each" : [1, 2], "$slice" : -5 } } }""", Update.PushEach("a", [1, 2], slice: -5) },
        { """{ "$set" : { "a" : 2 } }""", Update.Set("a", 1).Set("a", 2) },
        { """{ "$pull" : { "a" : { "b" : 1 } } }""", Update.PullFilter<BsonDocument>("a", new BsonDocument("b", 1)) },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_filter_is_the_document_that_one_would_write(string expected, FilterDefinition<BsonDocument> filter) =>
        Assert.Equal(expected, filter.Render().ToString());

    [Theory]
    [MemberData(nameof(Updates))]
    public void An_update_is_the_document_that_one_would_write(string expected, UpdateDefinition<BsonDocument> update) =>
        Assert.Equal(expected, update.Render().ToString());

    [Fact]
    public void Orders_and_projections_keep_the_order_of_the_calls()
    {
        Assert.Equal("""{ "a" : 1, "b" : -1 }""", Builders<BsonDocument>.Sort.Ascending("a").Descending("b").Render().ToString());
        Assert.Equal("""{ "a" : 1, "_id" : 0 }""", Builders<BsonDocument>.Projection.Include("a").Exclude("_id").Render().ToString());
    }

    [Fact]
    public void A_guid_is_refused_because_its_byte_order_is_not_known() =>
        Assert.Throws<ArgumentException>(() => Filter.Eq("a", Guid.NewGuid()));
}
