using System.Globalization;
using System.Text;
using Embedded.Aspire.Contracts;

namespace Embedded.Aspire.Dashboard.Resources;

/// <summary>A resource in the picture, with all its replicas.</summary>
/// <param name="Replicas">Empty for a place that is kept free for an edge; those are not drawn.</param>
/// <param name="X">Left edge, in pixels.</param>
/// <param name="Y">Top edge, in pixels.</param>
public sealed record GraphNode(string Name, IReadOnlyList<ResourceView> Replicas, int X, int Y);

/// <param name="Type">Reference, WaitFor, Parent…; several between the same two are one edge with all their types.</param>
/// <param name="Path">What SVG draws.</param>
public sealed record GraphEdge(string From, string To, string Type, string Path);

/// <summary>
/// The resources as layers: what needs nothing stands at the left, and each resource to the right of everything that it needs. In a layer
/// resources stand near what they are tied to.
/// </summary>
public sealed record ResourceGraph(IReadOnlyList<GraphNode> Nodes, IReadOnlyList<GraphEdge> Edges, int Width, int Height)
{
    public const int NodeWidth = 176;
    public const int NodeHeight = 52;
    private const int GapX = 84;
    private const int GapY = 26;
    private const int Margin = 16;
    private const int Sweeps = 4;
    private const int ArrowLength = 5;

    public static ResourceGraph Of(IEnumerable<ResourceView> resources)
    {
        var groups = resources.GroupBy(r => r.Name).ToDictionary(g => g.Key, g => g.ToList());
        var ties = groups.SelectMany(g => g.Value.SelectMany(r => Needs(r).Select(n => (From: g.Key, n.To, n.Type))))
            .Where(t => t.From != t.To && groups.ContainsKey(t.To)).Distinct().ToList();
        var layers = Layers([.. groups.Keys], ties.ToLookup(t => t.From, t => t.To));
        var routes = ties.Select(t => (t.From, t.To)).Distinct().ToDictionary(t => t, t => Route(layers, t.From, t.To));
        var steps = routes.Values.SelectMany(route => route.Zip(route.Skip(1))).Distinct().ToList();
        for (var sweep = 0; sweep < Sweeps; sweep++) Sort(layers, steps, sweep % 2 == 0);

        var height = layers.Select(HeightOf).DefaultIfEmpty(0).Max();
        var places = layers.SelectMany((layer, column) => Place(layer, groups, column, Margin + ((height - HeightOf(layer)) / 2))).ToDictionary(n => n.Name);
        var edges = routes.Select(route => new GraphEdge(
            route.Key.From, route.Key.To,
            string.Join(", ", ties.Where(t => (t.From, t.To) == route.Key).Select(t => t.Type).Distinct()),
            Curve([.. route.Value.Select(name => places[name])]))).ToList();
        return new ResourceGraph(
            [.. places.Values.Where(n => n.Replicas.Count > 0)], edges,
            (2 * Margin) + (layers.Count * (NodeWidth + GapX)) - GapX,
            (2 * Margin) + height);

        int HeightOf(List<string> layer) => layer.Sum(name => (groups.ContainsKey(name) ? NodeHeight : 0) + GapY) - GapY;
    }

    private static IEnumerable<GraphNode> Place(List<string> layer, Dictionary<string, List<ResourceView>> groups, int column, int top)
    {
        foreach (var name in layer)
        {
            var isNode = groups.TryGetValue(name, out var replicas);
            yield return new GraphNode(name, replicas ?? [], Margin + (column * (NodeWidth + GapX)), top);
            top += (isNode ? NodeHeight : 0) + GapY;
        }
    }

    private static IEnumerable<(string To, string Type)> Needs(ResourceView resource)
    {
        foreach (var relationship in resource.Relationships) yield return (relationship.Resource, relationship.Type);
        if (resource.Parent is { } parent && !resource.Relationships.Any(r => r.Resource == parent && r.Type == "Parent")) yield return (parent, "Parent");
    }

    // The longest way to something that needs nothing; who needs each other in a circle ends where the circle was entered.
    private static List<List<string>> Layers(IReadOnlyList<string> names, ILookup<string, string> needs)
    {
        var depths = new Dictionary<string, int>();
        var open = new HashSet<string>();
        int Depth(string name)
        {
            if (depths.TryGetValue(name, out var known)) return known;
            if (!open.Add(name)) return -1;
            var depth = needs[name].Select(Depth).DefaultIfEmpty(-1).Max() + 1;
            open.Remove(name);
            return depths[name] = depth;
        }
        return [.. names.GroupBy(Depth).OrderBy(g => g.Key).Select(g => g.ToList())];
    }

    // From what is needed to what needs it. A way across several layers keeps a place free in each, so that it passes no node.
    private static List<string> Route(List<List<string>> layers, string from, string to)
    {
        var (first, last) = (layers.FindIndex(l => l.Contains(to)), layers.FindIndex(l => l.Contains(from)));
        var route = new List<string> { to };
        for (var layer = first + 1; layer < last; layer++)
        {
            var place = $"{to}→{from}@{layer}";
            layers[layer].Add(place);
            route.Add(place);
        }
        route.Add(from);
        return route;
    }

    private static void Sort(List<List<string>> layers, List<(string Left, string Right)> steps, bool leftToRight)
    {
        var rows = layers.SelectMany(layer => layer.Select((name, row) => (name, at: row - (layer.Count / 2.0)))).ToDictionary(p => p.name, p => p.at);
        foreach (var layer in leftToRight ? layers : Enumerable.Reverse(layers))
        {
            var sorted = layer.OrderBy(name => steps
                .Where(s => (leftToRight ? s.Right : s.Left) == name).Select(s => rows[leftToRight ? s.Left : s.Right])
                .DefaultIfEmpty(rows[name]).Average()).ToList();
            layer.Clear();
            layer.AddRange(sorted);
            for (var row = 0; row < layer.Count; row++) rows[layer[row]] = row - (layer.Count / 2.0);
        }
    }

    private static string Curve(List<GraphNode> places)
    {
        var path = new StringBuilder();
        for (var i = 0; i + 1 < places.Count; i++)
        {
            var (from, to) = (places[i], places[i + 1]);
            var (x1, y1) = (from.X + NodeWidth, MiddleOf(from));
            var (x2, y2) = (to.X - (to.Replicas.Count > 0 ? ArrowLength : 0), MiddleOf(to));
            var bend = Math.Max(30, Math.Abs(x2 - x1) / 2);
            path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? $"M{x1} {y1}" : $"H{x1}")}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}");
        }
        return path.ToString();
    }

    private static int MiddleOf(GraphNode node) => node.Y + (node.Replicas.Count > 0 ? NodeHeight / 2 : 0);
}
