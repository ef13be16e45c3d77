using System.Text.Json.Nodes;
using Embedded.Tests.Support;

namespace Pipeline.Tests.Publishing;

/// <summary>
/// The manifest of this pipeline: what is in it, and that aspirate 9 reads it. Each known way in which a manifest fails there is a test.
/// </summary>
[Collection(PublishedCollection.Name)]
[Trait("Speed", "slow")]
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
        Path.Combine(Repository.Root, "Pipeline.Tests", "Publishing", "Golden", "manifest.aspirate.json"),
        await File.ReadAllTextAsync(published.AspirateManifest));

    [Fact]
    public void Aspirates_own_call_ends_with_0_and_writes_nothing_to_stderr_which_would_stop_it() =>
        Assert.Equal((0, ""), (published.AspirateRun.ExitCode, published.AspirateRun.Errors));

    [Fact]
    public void A_relative_output_path_is_found_in_the_folder_of_the_AppHost() => Assert.True(File.Exists(published.AspirateManifest));

    [Fact]
    public void Every_resource_is_of_a_kind_that_aspirate_deploys() =>
        Assert.All(Resources, resource => Assert.Contains((string?)resource.Value!["type"], Deployable));

    [Fact]
    public void Every_placeholder_resolves_with_and_without_the_profile()
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
    public void A_password_stands_only_in_variables_that_become_secrets()
    {
        var carriers = Variables()
            .Where(v => new ManifestResolver(Resources, Inputs).Resolve(v.Text).Contains(Inputs["mongodb-password"], StringComparison.Ordinal));

        Assert.NotEmpty(carriers);
        Assert.All(carriers, v => Assert.StartsWith("ConnectionString", v.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_that_would_have_to_be_encoded_is_refused_in_one_line()
    {
        var file = $"refused-{Guid.NewGuid():N}.json";

        var refused = await PublishedPipeline.RunAsAspirateAsync(file, "--Parameters:mongodb-password=p@ss/word");

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("The value of Parameters:mongodb-password ",
            Assert.Single(refused.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(PublishedPipeline.AppHostFolder, "obj", file)));
    }

    [Fact]
    public void No_parameter_has_a_default_value_in_whose_place_aspirate_would_put_a_random_password() => Assert.All(
        Resources.Where(r => (string?)r.Value!["type"] == "parameter.v0"), r => Assert.Null(r.Value!["inputs"]!["value"]!["default"]?["value"]));

    [Fact]
    public void Services_are_told_connection_strings_and_no_property_of_them_by_itself() => Assert.DoesNotContain(
        Projects().SelectMany(p => p.Value!["env"]!.AsObject()),
        variable =>
            variable.Key.StartsWith("KAFKA_", StringComparison.Ordinal) || variable.Key.StartsWith("IMAGE_DATABASE_", StringComparison.Ordinal));

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
        Assert.All(Resources.Where(r => r.Value!["type"] is { } type && (string?)type is "project.v0" or "container.v0"),
            r => Assert.NotEmpty(r.Value!["bindings"]!.AsObject()));

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
