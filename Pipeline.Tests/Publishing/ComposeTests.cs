using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Embedded.Tests.Support;

namespace Pipeline.Tests.Publishing;

/// <summary>The Compose file is what the AppHost writes, and holds together.</summary>
[Collection(PublishedCollection.Name)]
public sealed partial class ComposeTests(PublishedPipeline published)
{
    private static readonly string Compose = Path.Combine(Repository.Root, "deploy", "compose");

    private static JsonObject File => YamlDocuments.Read(System.IO.File.ReadAllText(Path.Combine(Compose, "docker-compose.yaml"))).Single();

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Services => File["services"]!.AsObject();

    [Theory]
    [InlineData("docker-compose.yaml")]
    [InlineData(".env.example")]
    public async Task The_files_are_what_the_AppHost_writes(string name) => await PublishedPipeline.AssertReviewedAsync(
        Path.Combine(Compose, name), await System.IO.File.ReadAllTextAsync(Path.Combine(published.Deploy, "compose", name)));

    [Fact]
    public void Who_waits_for_health_waits_for_a_service_that_is_checked()
    {
        foreach (var (name, service) in Services)
        {
            foreach (var (dependency, how) in service!["depends_on"]?.AsObject() ?? [])
            {
                var awaited = File["services"]![dependency]!;
                Assert.True((string?)how!["condition"] != "service_healthy" || awaited["healthcheck"] is not null, $"{name} waits for {dependency}");
            }
        }
        Assert.Equal("service_healthy", (string?)File["services"]!["db-consumer"]!["depends_on"]!["mongodb"]!["condition"]);
        Assert.Equal("service_healthy", (string?)File["services"]!["inference"]!["depends_on"]!["broker"]!["condition"]);
    }

    [Fact]
    public void Every_placeholder_is_in_the_example_and_no_secret_has_a_value_there()
    {
        var example = System.IO.File.ReadAllLines(Path.Combine(Compose, ".env.example")).Where(line => !line.StartsWith('#')).ToList();

        var placeholders = Placeholder().Matches(File.ToJsonString()).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.Equal(placeholders.Order(StringComparer.Ordinal), example.Select(line => line.Split('=')[0]).Order(StringComparer.Ordinal));
        Assert.Contains("MONGODB_PASSWORD=", example);
    }

    [Fact]
    public void Services_run_without_privileges_on_a_read_only_root_and_start_again()
    {
        foreach (var (name, service) in Services)
        {
            Assert.True((bool?)service!["read_only"], name);
            Assert.Equal("ALL", (string?)Assert.Single(service["cap_drop"]!.AsArray()));
            Assert.Matches("^[1-9][0-9]*:[1-9][0-9]*$", (string)service["user"]!);
            Assert.Equal("unless-stopped", (string?)service["restart"]);
            Assert.NotNull(service["deploy"]!["resources"]!["limits"]!["memory"]);
        }
    }

    [Fact]
    public void Only_the_page_and_what_devices_post_to_listen_on_the_machine_and_every_volume_is_declared()
    {
        Assert.Equal(
            [("producer", "8081:8080"), ("analytics", "8080:8080")],
            Services.SelectMany(s => Cluster.Items(s.Value!["ports"]).Select(port => (s.Key, (string)port!))));
        Assert.Equal(
            File["volumes"]!.AsObject().Select(v => v.Key),
            Services.SelectMany(s => Cluster.Items(s.Value!["volumes"])).Select(v => (string)v["source"]!));
    }

    [GeneratedRegex(@"(?<!\$)\$\{(\w+)")]
    private static partial Regex Placeholder();
}
