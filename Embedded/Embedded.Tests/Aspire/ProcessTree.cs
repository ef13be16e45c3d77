using System.Globalization;

namespace Embedded.Tests.AspireHost;

/// <summary>Looks at processes through /proc.</summary>
internal static class ProcessTree
{
    /// <summary>Everything that descends from a process, at any depth.</summary>
    public static IReadOnlyList<int> DescendantsOf(int pid)
    {
        var children = All().ToLookup(p => p.Parent, p => p.Id);
        var found = new List<int>();
        var open = new Queue<int>(children[pid]);
        while (open.TryDequeue(out var next))
        {
            found.Add(next);
            foreach (var child in children[next]) open.Enqueue(child);
        }
        return found;
    }

    /// <summary>The living members of a process group.</summary>
    public static IReadOnlyList<int> GroupOf(int group) => [.. All().Where(p => p.Group == group).Select(p => p.Id)];

    public static bool IsAlive(int pid) => All().Any(p => p.Id == pid);

    private static IEnumerable<(int Id, int Parent, int Group)> All()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            string stat;
            try { stat = File.ReadAllText(Path.Combine(folder, "stat")); }
            catch (IOException) { continue; }           // it ended meanwhile

            // id (name) state parent group …; the name may hold anything, so what counts begins after its last parenthesis.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (fields[0] is "Z" or "X") continue;      // dead, not yet collected by its parent
            yield return (id, int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[2], CultureInfo.InvariantCulture));
        }
    }
}
