using Embedded.MongoDB;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;
using Embedded.Tests.MongoDB.Support;

namespace Embedded.Tests.MongoDB.Query;

/// <summary>What a projection leaves of a document, one case a line.</summary>
public sealed class ProjectionTests
{
    [Theory]
    [InlineData("{}", "{_id: 1, a: 1, b: {c: 2, d: 3}, e: [{f: 1, g: 2}, 5]}")]
    [InlineData("{a: 1}", "{_id: 1, a: 1}")]
    [InlineData("{_id: 0, a: 1}", "{a: 1}")]
    [InlineData("{_id: 0}", "{a: 1, b: {c: 2, d: 3}, e: [{f: 1, g: 2}, 5]}")]
    [InlineData("{_id: 1}", "{_id: 1}")]
    [InlineData("{a: 0, 'b.c': 0}", "{_id: 1, b: {d: 3}, e: [{f: 1, g: 2}, 5]}")]
    [InlineData("{'b.d': 1, a: true}", "{_id: 1, a: 1, b: {d: 3}}")]
    [InlineData("{b: {d: 1}}", "{_id: 1, b: {d: 3}}")]
    [InlineData("{'e.f': 1}", "{_id: 1, e: [{f: 1}]}")]
    [InlineData("{'e.f': 0, b: 0}", "{_id: 1, a: 1, e: [{g: 2}, 5]}")]
    [InlineData("{x: '$b.c', a: 1}", "{_id: 1, a: 1, x: 2}")]
    [InlineData("{x: {$literal: 1}, _id: 0}", "{x: 1}")]
    [InlineData("{'a.b': 1}", "{_id: 1}")]
    [InlineData("{e: {$slice: 1}, a: 1}", "{_id: 1, a: 1, e: [{f: 1, g: 2}]}")]
    [InlineData("{e: {$slice: -1}}", "{_id: 1, a: 1, b: {c: 2, d: 3}, e: [5]}")]
    [InlineData("{e: {$elemMatch: {f: 1}}}", "{_id: 1, e: [{f: 1, g: 2}]}")]
    public void A_projection_leaves(string projection, string expected)
    {
        var output = new BsonBuffer();

        Projection.Parse(Shell.Bson(projection)).Apply(Shell.Bson("{_id: 1, a: 1, b: {c: 2, d: 3}, e: [{f: 1, g: 2}, 5]}"), output);

        Assert.Equal(Convert.ToHexStringLower(Shell.Bson(expected)), Convert.ToHexStringLower(output.Written));
    }

    [Theory]
    [InlineData("{a: 1, b: 0}", 31254)]
    [InlineData("{a: 0, b: 1}", 31253)]
    [InlineData("{a: 1, 'a.b': 1}", 31249)]
    [InlineData("{'a.b': 1, a: 1}", 31250)]
    [InlineData("{a: {}}", 51270)]
    [InlineData("{a: {$foo: 1}}", 168)]
    public void A_projection_that_contradicts_itself_is_refused(string projection, int code)
    {
        Assert.Equal(code, Assert.ThrowsAny<CommandException>(() => Projection.Parse(Shell.Bson(projection))).Code);
    }

    [Fact]
    public void The_positional_projection_keeps_the_element_that_matched()
    {
        var output = new BsonBuffer();
        var projection = Projection.Parse(Shell.Bson("{'a.$': 1}"));

        projection.Apply(Shell.Bson("{a: [1, 2, 3], b: 1}"), output, position: 1);

        Assert.True(projection.NeedsPosition);
        Assert.Equal(Shell.Bson("{a: [2]}"), output.ToArray());
    }

    [Fact]
    public void A_projection_says_which_fields_it_needs()
    {
        Assert.Equal(["_id", "a", "b"], Projection.Parse(Shell.Bson("{a: 1, x: '$b.c'}")).Uses.Names.Where(name => name != "x").Order());
        Assert.True(Projection.Parse(Shell.Bson("{Image: 0}")).Uses.IsAll);
        Assert.Equal(["Image"], Projection.Parse(Shell.Bson("{Image: 0}")).Excluded);
    }
}
