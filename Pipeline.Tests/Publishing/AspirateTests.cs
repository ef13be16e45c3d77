using System.Text.Json.Nodes;
using Embedded.Tests.Support;

namespace Pipeline.Tests.Publishing;

/// <summary>
/// The manifest of this pipeline: what is in it, and that aspirate 9 reads it. Each known way in which a manifest fails there is a test.
/// </summary>
[Collection(PublishedCollection.Name)]
public sealed class AspirateTests(PublishedPipeline published)
{
    private const int MaxNameLength = 52;
    private static readonly string[] Deployable = ["project.v0", "container.v0", "value.v0", "parameter.v0"];
    private static readonly Dictionary<string, string> Inputs = new() { ["mongodb-password"] = "Secret1" };

    private JsonObject Resources { get; } = PublishedPipeline.Resources(published.AspirateManifest);

    [Fact]
    public async Task The_manifest_is_the_one_that_was_reviewed() => await PublishedPipeline.AssertReviewedAsync(
        Path.Combine(Repository.Root, "Pipeline.Tests", "Publishing", "Golden", "manifest.json"), await File.ReadAllTextAsync(published.Manifest));

    [Fact]
    public async Task The_manifest_for_aspirate_is_the_one_that_was_reviewed() => await PublishedPipeline.AssertReviewedAsync(
        Path.Combine(Repository.Root, "Pipeline.Tests", "Publishing", "Golden", "manifest.aspirate.json"), await File.ReadAllTextAsync(published.AspirateManifest));

    [Fact]
    public async Task Both_manifests_obey_the_published_schema()
    {
        Assert.Empty(ManifestSchema.Problems(JsonNode.Parse(await File.ReadAllTextAsync(published.Manifest))!));
        Assert.Empty(ManifestSchema.Problems(JsonNode.Parse(await File.ReadAllTextAsync(published.AspirateManifest))!));
    }

    [Fact]
    public void Publishing_ends_with_0_and_writes_nothing_to_stderr() => Assert.Equal((0, ""), (published.AspirateRun.ExitCode, published.AspirateRun.Errors));

    [Fact]
    public void A_relative_output_path_is_found_in_the_folder_of_the_AppHost() => Assert.True(File.Exists(published.AspirateManifest));

    [Fact]
    public void Every_resource_is_of_a_kind_that_aspirate_deploys() =>
        Assert.All(Resources, resource => Assert.Contains((string?)resource.Value!["type"], Deployable));

    [Fact]
    public void Every_placeholder_resolves_with_and_without_the_switch()
    {
        foreach (var resources in (JsonObject[])[Resources, PublishedPipeline.Resources(published.Manifest)])
        {
            var resolver = new ManifestResolver(resources, Inputs);
            Assert.NotEmpty(resolver.Templates());
            Assert.DoesNotContain(resolver.Templates().Select(template => resolver.Resolve(template.Text)), ManifestResolver.HasPlaceholder);
        }
    }

    [Fact]
    public void Services_find_broker_and_store_by_the_names_of_their_resources()
    {
        var variables = new ManifestResolver(Resources, Inputs).Variables("db-consumer");

        Assert.Equal("broker:9092", variables["ConnectionStrings__kafka"]);
        Assert.Equal("mongodb://admin:Secret1@mongodb:27017/image_database?authSource=admin", variables["ConnectionStrings__image-database"]);
    }

    [Fact]
    public void Arguments_hold_no_placeholder_which_aspirate_would_leave_as_it_is() =>
        Assert.DoesNotContain(Resources.SelectMany(r => r.Value!["args"]?.AsArray() ?? []), arg => ManifestResolver.HasPlaceholder((string)arg!));

    [Fact]
    public void No_variable_holds_a_character_that_aspirates_templates_escape() =>
        Assert.DoesNotContain(Variables(), variable => variable.Text.IndexOfAny(['&', '<', '>', '"', '\'']) >= 0);

    [Fact]
    public void A_password_stands_only_where_it_becomes_a_secret_and_where_the_image_demands_it()
    {
        var carriers = Variables().Where(v => new ManifestResolver(Resources, Inputs).Resolve(v.Text).Contains(Inputs["mongodb-password"], StringComparison.Ordinal));

        Assert.All(carriers, v => Assert.True(v.Name.StartsWith("ConnectionString", StringComparison.Ordinal) || v.Name == "MONGO_INITDB_ROOT_PASSWORD", v.Name));
    }

    [Fact]
    public void A_resource_with_secrets_has_another_variable_too_or_its_deployment_would_be_broken()
    {
        foreach (var (name, resource) in Resources)
        {
            if (resource!["env"] is not JsonObject env) continue;
            Assert.True(env.Any(variable => !variable.Key.StartsWith("ConnectionString", StringComparison.Ordinal)), name);
        }
    }

    [Fact]
    public void Servers_with_data_have_a_volume_and_become_StatefulSets()
    {
        foreach (var server in (string[])["broker", "mongodb"])
        {
            var volume = Assert.Single(Resources[server]!["volumes"]!.AsArray());
            Assert.Matches("^[a-z0-9-]+$", (string)volume!["name"]!);
        }
    }

    [Fact]
    public void Nothing_mounts_a_folder_of_this_machine() => Assert.All(Resources, resource => Assert.Null(resource.Value!["bindMounts"]));

    [Fact]
    public void Projects_leave_their_port_to_aspirate_which_says_8080() => Assert.All(
        Projects().SelectMany(p => p.Value!["bindings"]!.AsObject()), binding => Assert.Equal(8080, (int?)binding.Value!["targetPort"] ?? 8080));

    [Fact]
    public void No_project_has_an_https_binding_whose_url_would_be_empty() => Assert.DoesNotContain(
        Projects().SelectMany(p => p.Value!["bindings"]!.AsObject()), binding => (string?)binding.Value!["scheme"] == "https");

    [Fact]
    public void Everything_that_runs_listens_or_its_service_file_would_be_empty() =>
        Assert.All(Resources.Where(r => r.Value!["type"] is { } type && (string?)type is "project.v0" or "container.v0"), r => Assert.NotEmpty(r.Value!["bindings"]!.AsObject()));

    [Fact]
    public void Names_are_short_lower_case_and_none_is_kafka_whose_service_links_would_stop_the_broker()
    {
        Assert.All(Resources, resource => Assert.Matches($"^[a-z][a-z0-9-]{{0,{MaxNameLength - 1}}}$", resource.Key));
        Assert.False(Resources.ContainsKey("kafka"));
    }

    [Fact]
    public void The_broker_advertises_its_service_to_clients_and_not_localhost()
    {
        var listeners = new ManifestResolver(Resources, Inputs).Variables("broker")["KAFKA_ADVERTISED_LISTENERS"];

        Assert.Equal("PLAINTEXT://broker:29092,PLAINTEXT_HOST://broker:9092,PLAINTEXT_INTERNAL://broker:9093", listeners);
    }

    [Fact]
    public void Embedded_servers_appear_nowhere() => Assert.All(
        Resources.Where(r => (string?)r.Value!["type"] == "container.v0"),
        r => Assert.Matches("^docker.io/(confluentinc/confluent-local|library/mongo):[0-9.]+$", (string)r.Value!["image"]!));

    [Fact]
    public void Every_project_is_where_the_manifest_says()
    {
        var folder = Path.GetDirectoryName(published.AspirateManifest)!;
        Assert.All(Projects(), p => Assert.True(File.Exists(Path.Combine(folder, (string)p.Value!["path"]!)), (string)p.Value!["path"]!));
    }

    private IEnumerable<KeyValuePair<string, JsonNode?>> Projects() => Resources.Where(r => (string?)r.Value!["type"] == "project.v0");

    private IEnumerable<(string Name, string Text)> Variables() =>
        Resources.SelectMany(r => r.Value!["env"]?.AsObject() ?? []).Select(variable => (variable.Key, (string)variable.Value!));
}
