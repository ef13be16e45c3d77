using System.Text.RegularExpressions;
using Embedded.Tests.Support;

namespace Pipeline.Tests.Architecture;

/// <summary>What the team agreed to keep out of the sources, each with what to write instead.</summary>
public sealed partial class TidyTests
{
    /// <summary>As .editorconfig says.</summary>
    private const int MaxColumns = 150;

    /// <summary>The folders where some are still longer.</summary>
    private static readonly string[] WithLongerLines = ["Pipeline.Inference", "Pipeline.DbConsumer", "Pipeline.Analytics", "bench"];

    private static readonly (Regex Pattern, string Instead, bool ForTestsToo)[] Banned =
    [
        (ConditionalCompilation(), "one path for all", true),
        (ThreadSleep(), "await a condition, or a timer of TimeProvider", true),
        (LocalClock(), "TimeProvider, in UTC", true),
        (Regions(), "a file of its own", true),
        (BlockedTask(), "await", false),
        (LongLine(), "a line break; only texts may be as long as that", true),
    ];

    [Fact]
    public void Sources_hold_nothing_that_was_agreed_to_be_avoided()
    {
        var found =
            from file in Files("*.cs")
            where !file.EndsWith(nameof(TidyTests) + ".cs", StringComparison.Ordinal)
            from line in File.ReadLines(Path.Combine(Repository.Root, file)).Select((text, index) => (text, number: index + 1))
            from rule in Banned
            where rule.Pattern.IsMatch(line.text) && !(rule.ForTestsToo is false && file.Contains("Tests", StringComparison.Ordinal))
            select $"{file}:{line.number}: {line.text.Trim()} (instead: {rule.Instead})";

        Assert.Empty(found);
    }

    /// <summary>A text is as long as it is: nobody breaks what others search for.</summary>
    [Fact]
    public void No_line_is_longer_than_it_may_be_without_its_texts()
    {
        var found =
            from file in Files("*.cs")
            where !WithLongerLines.Contains(file.Split(Path.DirectorySeparatorChar)[0])
            from line in Texts().Replace(File.ReadAllText(Path.Combine(Repository.Root, file)), "\"\"").Split('\n')
            where line.Length > MaxColumns
            select $"{file}: {line.Trim()}";

        Assert.Empty(found);
    }

    [Fact]
    public void Lock_files_name_no_download_address()
    {
        var found = Files("package-lock.json").Where(file =>
            File.ReadAllText(Path.Combine(Repository.Root, file)).Contains("\"resolved\"", StringComparison.Ordinal));

        Assert.Empty(found);
    }

    [Fact]
    public void A_build_starts_no_other_program()
    {
        var found = ((string[])["*.csproj", "*.props", "*.targets"]).SelectMany(Files).Where(file =>
            File.ReadAllText(Path.Combine(Repository.Root, file)).Contains("<Exec ", StringComparison.Ordinal));

        Assert.Empty(found);
    }

    [Fact]
    public void Every_project_says_what_it_is_in_a_readme_of_a_screen()
    {
        string[] tests = ["Embedded.Tests", "Pipeline.Tests"];
        var found =
            from project in Files("*.csproj")
            let folder = Path.GetDirectoryName(project)!
            where !tests.Contains(Path.GetFileName(folder))
            // Of the benchmarks, an experiment, the integrations the page stands where people enter, above the projects.
            let place = folder.Split(Path.DirectorySeparatorChar)[0] is "bench" or "experiments" or "Integrations"
                ? Path.GetDirectoryName(folder)!
                : folder
            let readme = new FileInfo(Path.Combine(Repository.Root, place, "README.md"))
            where !readme.Exists || File.ReadLines(readme.FullName).Count() > 70
            select $"{folder} {(readme.Exists ? "has a README.md longer than a screen" : "has no README.md")}";

        Assert.Empty(found);
    }

    private static IEnumerable<string> Files(string pattern) => Directory
        .EnumerateFiles(Repository.Root, pattern, SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Root, file))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts" or "node_modules"));

    [GeneratedRegex(@"^\s*#(if|elif|else)\b")]
    private static partial Regex ConditionalCompilation();

    [GeneratedRegex(@"\bThread\.Sleep\(")]
    private static partial Regex ThreadSleep();

    [GeneratedRegex(@"\bDateTime(Offset)?\.Now\b")]
    private static partial Regex LocalClock();

    [GeneratedRegex(@"^\s*#region\b")]
    private static partial Regex Regions();

    /// <summary>Raw ones, and those on one line.</summary>
    [GeneratedRegex(@"(?s:""""""+.*?""""""+)|""(\\.|[^""\\\n])*""")]
    private static partial Regex Texts();

    [GeneratedRegex("""^(?=.{181})[^"]*$""")]
    private static partial Regex LongLine();

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)")]
    private static partial Regex BlockedTask();
}
