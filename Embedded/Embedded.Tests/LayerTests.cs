using System.Text.RegularExpressions;
using Embedded.Tests.Support;

namespace Embedded.Tests;

/// <summary>
/// The folders of a server are its layers, and so is what handlers are handed, a file beside them: each uses what stands before it in
/// this table, and nothing that stands after it.
/// </summary>
/// <remarks>
/// Think twice before a row moves: a circle between two folders makes one of them. Whatever else lies beside the folders is in no
/// layer, the words that all of them use (options, errors, log) and what puts them together (the server, the table of what it speaks).
/// </remarks>
public sealed partial class LayerTests
{
    public static TheoryData<string, string[]> Servers => new()
    {
        { "Embedded.Kafka", ["Wire", "Log", "Groups", "Call.cs", "Apis", "Connections"] },
        {
            "Embedded.MongoDB",
            [
                "Wire", "Bson", "Values", "Expressions", "Query", "Aggregation", "Updates", "Storage", "Security", "CommandCall.cs", "ReadConcern.cs",
                "Cursors", "Commands", "Connections",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public void A_layer_uses_only_those_below_it(string server, string[] fromTheGroundUp)
    {
        var root = Path.Combine(Repository.Root, "Embedded", server);
        var folders = Directory.GetDirectories(root).Select(path => Path.GetFileName(path)).Where(static name => name is not ("bin" or "obj"))
            .ToHashSet();
        Assert.Equal(fromTheGroundUp.Where(static layer => !IsFile(layer)).Order(), folders.Order());

        var upward = from layer in fromTheGroundUp
                     from file in Files(Path.Combine(root, layer))
                     let source = File.ReadAllText(file)
                     from used in Used(server, root, source).Concat(fromTheGroundUp.Where(other => IsFile(other) && Names(source, other))).Distinct()
                     where Array.IndexOf(fromTheGroundUp, used) > Array.IndexOf(fromTheGroundUp, layer)
                     select $"{Path.GetRelativePath(root, file)} uses {used}";

        Assert.Empty(upward);
    }

    private static bool IsFile(string layer) => layer.EndsWith(".cs", StringComparison.Ordinal);

    private static IEnumerable<string> Files(string layer) =>
        IsFile(layer) ? [layer] : Directory.EnumerateFiles(layer, "*.cs", SearchOption.AllDirectories);

    /// <summary>Whether the type of a file stands in a source, which sees it without a using line.</summary>
    private static bool Names(string source, string file) => Regex.IsMatch(source, $@"(?<![\w.]){Path.GetFileNameWithoutExtension(file)}\b");

    /// <summary>The folders that a file names: in a using line, or before a type that has its file there.</summary>
    private static IEnumerable<string> Used(string server, string root, string source) =>
        Regex.Matches(source, @$"^using (?:static )?{Regex.Escape(server)}\.(\w+)", RegexOptions.Multiline)
            .Select(static match => match.Groups[1].Value)
            .Concat(Qualified().Matches(source)
                .Where(match => File.Exists(Path.Combine(root, match.Groups[1].Value, match.Groups[2].Value + ".cs")))
                .Select(static match => match.Groups[1].Value));

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w+)\.([A-Z]\w+)")]
    private static partial Regex Qualified();
}
