using Embedded.Aspire.Contracts;
using Embedded.Aspire.Dashboard.Resources;

namespace Embedded.Tests.Dashboard.Resources;

public sealed class ResourceTreeTests
{
    private static readonly HashSet<string> Nothing = [];

    [Fact]
    public void Children_stand_under_their_parent()
    {
        ResourceView[] all = [AResource("database", parent: "server"), AResource("service"), AResource("server")];

        Assert.Equal(["service 0", "server 0", "database 1"], Shown(ResourceTree.Rows(all, _ => true, Nothing)));
    }

    [Fact]
    public void Children_of_a_collapsed_parent_are_left_out()
    {
        ResourceView[] all = [AResource("server"), AResource("database", parent: "server")];

        var row = Assert.Single(ResourceTree.Rows(all, _ => true, new HashSet<string> { "server" }));

        Assert.True(row is { IsCollapsed: true, ChildCount: 1 });
    }

    [Fact]
    public void A_child_that_fits_is_shown_without_its_parent()
    {
        ResourceView[] all = [AResource("server"), AResource("database", parent: "server")];

        Assert.Equal(["database 0"], Shown(ResourceTree.Rows(all, r => r.Name == "database", Nothing)));
    }

    [Fact]
    public void A_circle_of_parents_is_shown_once_each()
    {
        ResourceView[] all = [AResource("a", parent: "b"), AResource("b", parent: "a")];

        Assert.Equal(["a 0", "b 1"], Shown(ResourceTree.Rows(all, _ => true, Nothing)));
    }

    [Fact]
    public void In_the_picture_everything_stands_to_the_right_of_what_it_needs()
    {
        ResourceView[] all =
        [
            AResource("last") with { Relationships = [new("middle", "WaitFor"), new("first", "Reference")] },
            AResource("middle") with { Relationships = [new("first", "Reference"), new("first", "WaitFor")] },
            AResource("first"),
        ];

        var graph = ResourceGraph.Of(all);

        Assert.Equal(["first", "middle", "last"], graph.Nodes.OrderBy(n => n.X).Select(n => n.Name));
        Assert.Equal("Reference, WaitFor", graph.Edges.Single(e => e is { From: "middle", To: "first" }).Type);
        Assert.Equal(3, graph.Edges.Count);
    }

    [Fact]
    public void A_circle_of_references_can_be_drawn()
    {
        ResourceView[] all =
        [
            AResource("a") with { Relationships = [new("b", "Reference")] }, AResource("b") with { Relationships = [new("a", "Reference"), new("b", "Parent")] },
        ];

        Assert.Equal(2, ResourceGraph.Of(all).Nodes.Count);
    }

    private static ResourceView AResource(string name, string? parent = null) =>
        new() { Id = name, Name = name, Type = "Executable", State = "Running", Parent = parent };

    private static IEnumerable<string> Shown(IReadOnlyList<ResourceRow> rows) => rows.Select(r => $"{r.Resource.Name} {r.Depth}");
}
