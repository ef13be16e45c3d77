using System.Globalization;

/// <summary>What the processes below one have used so far, as Linux counts it: processor time, context switches.</summary>
internal static class ProcessAccount
{
    private const double TicksPerSecond = 100;               // USER_HZ, which is 100 on every Linux that .NET runs on

    public readonly record struct Usage(double UserSeconds, double SystemSeconds, long Voluntary, long Involuntary)
    {
        public static Usage operator +(Usage left, Usage right) => new(
            left.UserSeconds + right.UserSeconds, left.SystemSeconds + right.SystemSeconds, left.Voluntary + right.Voluntary, left.Involuntary + right.Involuntary);

        public static Usage operator -(Usage left, Usage right) => new(
            left.UserSeconds - right.UserSeconds, left.SystemSeconds - right.SystemSeconds, left.Voluntary - right.Voluntary, left.Involuntary - right.Involuntary);
    }

    /// <summary>By the program's name; several processes of one program together.</summary>
    public static Dictionary<string, Usage> Below(int ancestor)
    {
        var stats = new Dictionary<int, (int Parent, Usage Usage)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && TryRead(folder) is { } read)
            {
                stats[id] = read;
            }
        }

        var usages = new Dictionary<string, Usage>();
        foreach (var (id, (_, usage)) in stats)
        {
            if (IsBelow(id))
            {
                var name = NameOf(id);
                usages[name] = usages.GetValueOrDefault(name) + usage;
            }
        }
        return usages;

        bool IsBelow(int id)
        {
            for (var at = id; stats.TryGetValue(at, out var stat); at = stat.Parent)
            {
                if (at == ancestor)
                {
                    return true;
                }
            }
            return false;
        }
    }

    // A process may end while we look at it.
    private static (int Parent, Usage Usage)? TryRead(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');      // from the third on; the second may hold blanks
            var switches = Directory.EnumerateDirectories(Path.Combine(folder, "task"))
                .SelectMany(thread => File.ReadLines(Path.Combine(thread, "status"))).Where(line => line.Contains("ctxt_switches", StringComparison.Ordinal)).ToLookup(
                    line => line.StartsWith("voluntary", StringComparison.Ordinal), line => Number(line.Split(':')[1]));
            return ((int)Number(fields[1]), new Usage(Number(fields[11]) / TicksPerSecond, Number(fields[12]) / TicksPerSecond, switches[true].Sum(), switches[false].Sum()));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The program, or what <c>dotnet</c> or an interpreter was asked to run.</summary>
    private static string NameOf(int id)
    {
        try
        {
            var words = File.ReadAllText($"/proc/{id}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
            return Path.GetFileName(words is ["dotnet" or "/usr/share/dotnet/dotnet", var program, ..] ? program : words.FirstOrDefault() ?? "?");
        }
        catch (IOException)
        {
            return "?";
        }
    }

    private static long Number(string text) => long.Parse(text.AsSpan().Trim(), CultureInfo.InvariantCulture);
}
