using System.Xml.Linq;
using Embedded.Tests.Support;

namespace Pipeline.Tests.Architecture;

/// <summary>Who may refer to whom, read off the project files.</summary>
public sealed class DependencyTests
{
    private static readonly string[] Services = ["Pipeline.Producer", "Pipeline.Inference", "Pipeline.DbConsumer", "Pipeline.Analytics"];
    private static readonly string[] Servers = ["Embedded.Kafka", "Embedded.MongoDB", "Embedded.Aspire.Dashboard"];

    private static readonly Dictionary<string, string[]> References = Directory
        .EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
        .Where(file => !file.Contains("node_modules", StringComparison.Ordinal) && !file.Contains("artifacts", StringComparison.Ordinal))
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file)!, ReferencesOf);

    [Fact]
    public void Services_meet_in_topics_and_documents_never_in_code() =>
        AssertNone(Services, to: Services, "services meet in Kafka and MongoDB; share a message through Pipeline.Contracts");

    [Fact]
    public void Embedded_parts_know_nothing_of_the_pipeline() =>
        AssertNone(References.Keys.Where(IsEmbedded), to: References.Keys.Where(name => name.StartsWith("Pipeline.", StringComparison.Ordinal)),
            "an embedded part could leave home as a repository of its own");

    [Fact]
    public void No_server_refers_to_another() =>
        AssertNone(Servers, to: Servers, "servers share a protocol library at most");

    [Fact]
    public void Nothing_refers_to_tests_or_benchmarks() =>
        AssertNone(References.Keys, to: ["Pipeline.Tests", "Embedded.Tests", "Pipeline.Bench"], "tests and benchmarks refer to others");

    [Fact]
    public void Only_tests_refer_to_experiments() =>
        AssertNone(References.Keys.Where(name => name != "Pipeline.Tests"), to: ["Pipeline.Latency"], "experiments start the pipeline and read files");

    [Fact]
    public void Experiments_start_the_AppHost_and_refer_to_nothing_else() => Assert.Equal(["Pipeline.AppHost"], References["Pipeline.Latency"]);

    [Fact]
    public void Projects_outside_Embedded_name_packages_and_not_what_stands_in_for_them() =>
        AssertNone(References.Keys.Where(name => !IsEmbedded(name) && name is not ("Pipeline.Tests" or "Pipeline.Bench")),
            to: References.Keys.Where(IsEmbedded), "write <StackReference Include=\"the public package\" />; Directory.Build.targets decides what that is");

    [Fact]
    public void Contracts_refer_to_nothing_of_ours() => Assert.Empty(References["Pipeline.Contracts"]);

    private static bool IsEmbedded(string name) => name.StartsWith("Embedded.", StringComparison.Ordinal);

    private static string[] ReferencesOf(string projectFile) =>
        [.. XDocument.Load(projectFile).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!))];

    private static void AssertNone(IEnumerable<string> from, IEnumerable<string> to, string because)
    {
        var forbidden = to.ToHashSet();
        var found = from.SelectMany(name => References[name].Where(forbidden.Contains).Select(target => $"{name} refers to {target}: {because}."));
        Assert.Empty(found);
    }
}
