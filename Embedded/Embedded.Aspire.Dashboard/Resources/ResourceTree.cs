using Embedded.Aspire.Contracts;

namespace Embedded.Aspire.Dashboard.Resources;

/// <summary>A resource where it stands in the list.</summary>
/// <param name="Depth">0 for what has no parent.</param>
/// <param name="ChildCount">How many stand under it, shown or not.</param>
public sealed record ResourceRow(ResourceView Resource, int Depth, int ChildCount, bool IsCollapsed);

/// <summary>Puts children under their parents.</summary>
internal static class ResourceTree
{
    /// <param name="fits">What is to be shown; a child that fits is shown also when its parent does not.</param>
    /// <param name="collapsed">Names whose children are not shown.</param>
    public static IReadOnlyList<ResourceRow> Rows(IReadOnlyList<ResourceView> all, Func<ResourceView, bool> fits, IReadOnlySet<string> collapsed)
    {
        var shown = all.Where(fits).ToList();
        var names = shown.Select(r => r.Name).ToHashSet();
        var children = shown.Where(HasParent).ToLookup(r => r.Parent!);
        var placed = new HashSet<string>();
        var rows = new List<ResourceRow>();
        foreach (var root in shown.Where(r => !HasParent(r))) Place(root, depth: 0);
        foreach (var rest in shown.Where(r => HasParent(r) && !placed.Contains(r.Id) && !IsUnderCollapsed(r))) Place(rest, depth: 0);    // a circle
        return rows;

        bool HasParent(ResourceView r) => r.Parent is { } parent && parent != r.Name && names.Contains(parent);

        bool IsUnderCollapsed(ResourceView r)
        {
            var seen = new HashSet<string>();
            for (var at = r; at.Parent is { } parent && seen.Add(parent); at = shown.First(s => s.Name == parent))
            {
                if (collapsed.Contains(parent)) return true;
                if (!names.Contains(parent)) return false;
            }
            return false;
        }

        void Place(ResourceView resource, int depth)
        {
            if (!placed.Add(resource.Id)) return;
            // All replicas of a name share its children; they stand under the last one.
            var isLast = shown.Last(r => r.Name == resource.Name) == resource;
            var own = isLast ? children[resource.Name].ToList() : [];
            var isCollapsed = own.Count > 0 && collapsed.Contains(resource.Name);
            rows.Add(new ResourceRow(resource, depth, own.Count, isCollapsed));
            if (isCollapsed) return;
            foreach (var child in own) Place(child, depth + 1);
        }
    }
}
