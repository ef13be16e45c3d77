using System.Xml.Linq;
using Embedded.Tests.Support;

namespace Pipeline.Tests.Architecture;

/// <summary>Who may refer to whom, read off the project files.</summary>
public sealed class DependencyTests
{
    private static readonly string[] Services = ["Pipeline.Producer", "Pipeline.Inference", "Pipeline.DbConsumer", "Pipeline.Analytics"];
    private static readonly string[] Servers = ["Embedded.Kafka", "Embedded.MongoDB"];
    private static readonly string[] HostingIntegrations = ["Aspire.Hosting.Kafka", "Aspire.Hosting.MongoDB"];
    private static readonly string[] ClientIntegrations = ["Aspire.Confluent.Kafka", "Aspire.MongoDB.Driver"];
    private static readonly string[] Onlookers = ["Pipeline.Tests", "Embedded.Tests", "Pipeline.Bench"];

    /// <summary>Projects, and those that each refers to; Directory.Build.targets makes a project of an IntegrationReference.</summary>
    private static readonly Dictionary<string, string[]> References = Directory
        .EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar)
            .Any(part => part is "node_modules" or "artifacts"))
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file)!, ReferencesOf);

    [Fact]
    public void Services_meet_in_topics_and_documents_never_in_code() =>
        AssertNone(Services, to: Services, "services meet in Kafka and MongoDB; share a message through Pipeline.Contracts");

    [Fact]
    public void Services_stand_on_the_defaults_the_contracts_and_the_client_integrations() =>
        AssertOnly(Services, to: ["Pipeline.ServiceDefaults", "Pipeline.Contracts", .. ClientIntegrations], "what services share is in one of these");

    [Fact]
    public void Defaults_stand_on_the_contracts_and_the_client_integrations() =>
        AssertOnly(["Pipeline.ServiceDefaults"], to: ["Pipeline.Contracts", .. ClientIntegrations], "the defaults know no service");

    [Fact]
    public void Contracts_refer_to_nothing_of_ours() => AssertOnly(["Pipeline.Contracts"], to: [], "everyone shares them");

    [Fact]
    public void The_AppHost_names_services_servers_and_hosting_integrations() =>
        AssertOnly(
            ["Pipeline.AppHost"], to: [.. Services, .. Servers, .. HostingIntegrations, "Pipeline.Contracts"], "it declares and starts, no more");

    [Fact]
    public void Integrations_refer_to_nothing_of_ours() =>
        AssertOnly([.. HostingIntegrations, .. ClientIntegrations], to: [], "a package takes their place with -p:OfficialIntegrations=true");

    [Fact]
    public void Embedded_servers_know_nothing_of_the_pipeline() =>
        AssertOnly(References.Keys.Where(IsEmbedded), to: References.Keys.Where(IsEmbedded), "they could leave home as a repository of their own");

    [Fact]
    public void No_server_refers_to_another() => AssertNone(Servers, to: Servers, "servers share a protocol library at most");

    [Fact]
    public void Only_the_AppHost_starts_embedded_servers() =>
        AssertNone(References.Keys.Where(name => !IsEmbedded(name) && name != "Pipeline.AppHost" && !Onlookers.Contains(name)),
            to: References.Keys.Where(IsEmbedded), "services know a connection string");

    [Fact]
    public void Nothing_refers_to_tests_or_benchmarks() => AssertNone(References.Keys, to: Onlookers, "tests and benchmarks refer to others");

    [Fact]
    public void Only_tests_refer_to_experiments() =>
        AssertNone(
            References.Keys.Where(name => name != "Pipeline.Tests"), to: ["Pipeline.Latency"], "experiments start the pipeline and read files");

    [Fact]
    public void Experiments_start_the_AppHost_and_refer_to_nothing_else() => Assert.Equal(["Pipeline.AppHost"], References["Pipeline.Latency"]);

    private static bool IsEmbedded(string name) => name.StartsWith("Embedded.", StringComparison.Ordinal);

    private static string[] ReferencesOf(string projectFile) =>
        [.. XDocument.Load(projectFile).Descendants()
            .Where(item => item.Name.LocalName is "ProjectReference" or "IntegrationReference")
            .Select(item => (string)item.Attribute("Include")!)
            .Select(name => name.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(name) : name)];

    private static void AssertNone(IEnumerable<string> from, IEnumerable<string> to, string because)
    {
        var forbidden = to.ToHashSet();
        var found = from.SelectMany(name => References[name].Where(forbidden.Contains).Select(target => $"{name} refers to {target}: {because}."));
        Assert.Empty(found);
    }

    private static void AssertOnly(IEnumerable<string> from, IEnumerable<string> to, string because) =>
        AssertNone(from, to: References.Keys.Except(to), because);
}
