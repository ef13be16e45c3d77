using System.Text.RegularExpressions;
using Embedded.Tests.Support;

namespace Embedded.Tests;

/// <summary>The folders of a server are its layers: each uses what stands before it in this table, and nothing that stands after it.</summary>
/// <remarks>
/// Think twice before a row moves: a circle between two folders makes one of them. What lies beside the folders is in no
/// layer, the words that all of them use (options, errors, log) and what puts them together.
/// </remarks>
public sealed partial class LayerTests
{
    public static TheoryData<string, string[]> Servers => new()
    {
        { "Embedded.Kafka", ["Wire", "Log", "Groups", "Apis", "Connections"] },
        {
            "Embedded.MongoDB",
            ["Wire", "Bson", "Values", "Expressions", "Query", "Aggregation", "Updates", "Storage", "Security", "Cursors", "Connections", "Commands"]
        },
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public void A_folder_uses_only_those_below_it(string server, string[] fromTheGroundUp)
    {
        var root = Path.Combine(Repository.Root, "Embedded", server);
        var folders = Directory.GetDirectories(root).Select(path => Path.GetFileName(path)).Where(static name => name is not ("bin" or "obj")).ToHashSet();
        Assert.Equal(fromTheGroundUp.Order(), folders.Order());

        var upward = from folder in fromTheGroundUp
                     from file in Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)
                     from used in Used(server, root, File.ReadAllText(file)).Where(folders.Contains).Distinct()
                     where Array.IndexOf(fromTheGroundUp, used) > Array.IndexOf(fromTheGroundUp, folder)
                     select $"{Path.GetRelativePath(root, file)} uses {used}";

        Assert.Empty(upward);
    }

    /// <summary>The folders that a file names: in a using line, or before a type that has its file there.</summary>
    private static IEnumerable<string> Used(string server, string root, string source) =>
        Regex.Matches(source, @$"^using (?:static )?{Regex.Escape(server)}\.(\w+)", RegexOptions.Multiline).Select(static match => match.Groups[1].Value)
            .Concat(Qualified().Matches(source)
                .Where(match => File.Exists(Path.Combine(root, match.Groups[1].Value, match.Groups[2].Value + ".cs")))
                .Select(static match => match.Groups[1].Value));

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w+)\.([A-Z]\w+)")]
    private static partial Regex Qualified();
}
