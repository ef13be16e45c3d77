using System.Globalization;
using System.Numerics;

/// <summary>What the processes below one have used so far, as Linux counts it: processor time, context switches.</summary>
internal static class ProcessAccount
{
    private const double TicksPerSecond = 100;               // USER_HZ, which is 100 on every Linux that .NET runs on

    public readonly record struct Usage(double UserSeconds, double SystemSeconds, long Voluntary, long Involuntary)
        : IAdditionOperators<Usage, Usage, Usage>
    {
        public double ProcessorSeconds => UserSeconds + SystemSeconds;

        public static Usage operator +(Usage left, Usage right) => new(
            left.UserSeconds + right.UserSeconds, left.SystemSeconds + right.SystemSeconds, left.Voluntary + right.Voluntary, left.Involuntary + right.Involuntary);

        public static Usage operator -(Usage left, Usage right) => new(
            left.UserSeconds - right.UserSeconds, left.SystemSeconds - right.SystemSeconds, left.Voluntary - right.Voluntary, left.Involuntary - right.Involuntary);
    }

    /// <summary>By the program's name; several processes of one program together.</summary>
    public static Dictionary<string, Usage> Below(int ancestor) => ByProgram(ancestor, UsageOf);

    /// <summary>Something else of them.</summary>
    public static Dictionary<string, T> ByProgram<T>(int ancestor, Func<int, T> of)
        where T : IAdditionOperators<T, T, T> =>
        IdsBelow(ancestor).GroupBy(NameOf).ToDictionary(group => group.Key, group => group.Select(of).Aggregate((sum, one) => sum + one));

    /// <summary>The process itself, its children, and theirs.</summary>
    public static List<int> IdsBelow(int ancestor)
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && StatOf(id) is { } stat)
            {
                parents[id] = MonitoredBy(id) ?? (int)Number(stat[1]);
            }
        }
        return [.. parents.Keys.Where(IsBelow)];

        bool IsBelow(int id)
        {
            while (id != ancestor && parents.TryGetValue(id, out var parent))
            {
                id = parent;
            }
            return id == ancestor;
        }
    }

    public static Usage UsageOf(int id)
    {
        if (StatOf(id) is not { } stat)
        {
            return default;
        }
        var threads = new DirectoryInfo($"/proc/{id}/task");
        string[] switches = threads.Exists ? [.. threads.EnumerateDirectories().SelectMany(thread => Lines(Path.Combine(thread.FullName, "status"), "ctxt_switches"))] : [];
        return new(Number(stat[11]) / TicksPerSecond, Number(stat[12]) / TicksPerSecond,
            switches.Where(line => line.StartsWith("voluntary", StringComparison.Ordinal)).Sum(line => Number(line.Split(':')[1])),
            switches.Where(line => line.StartsWith("nonvoluntary", StringComparison.Ordinal)).Sum(line => Number(line.Split(':')[1])));
    }

    /// <summary>The most memory that a process has had so far, files that it maps included.</summary>
    public static long PeakBytesOf(int id) =>
        Lines($"/proc/{id}/status", "VmHWM:").FirstOrDefault() is { } line ? 1024 * Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) : 0;

    /// <summary>The fields of <c>/proc/ID/stat</c> from the third on; the second may hold blanks. Null where it has ended meanwhile.</summary>
    private static string[]? StatOf(int id)
    {
        var line = Lines($"/proc/{id}/stat", "").FirstOrDefault();
        return line?[(line.LastIndexOf(')') + 2)..].Split(' ');
    }

    // A process or thread may end while we look at it.
    private static string[] Lines(string path, string having)
    {
        try
        {
            return [.. File.ReadLines(path).Where(line => line.Contains(having, StringComparison.Ordinal))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Aspire's orchestrator leaves its parent, and says on its command line whom it serves.</summary>
    private static int? MonitoredBy(int id)
    {
        var words = Words(id);
        var at = Array.IndexOf(words, "--monitor");
        return at >= 0 && at + 1 < words.Length ? (int)Number(words[at + 1]) : null;
    }

    private static string[] Words(int id) => Lines($"/proc/{id}/cmdline", "").FirstOrDefault()?.Split('\0', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The program, or what <c>dotnet</c> or an interpreter was asked to run.</summary>
    public static string NameOf(int id)
    {
        var words = Words(id);
        return Path.GetFileName(words is [var host, var program, ..] && Path.GetFileName(host) == "dotnet" ? program : words.FirstOrDefault() ?? "?");
    }

    private static long Number(string text) => long.Parse(text.AsSpan().Trim(), CultureInfo.InvariantCulture);
}
