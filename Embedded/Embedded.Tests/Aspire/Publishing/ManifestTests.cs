using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Embedded.Tests.Support;

namespace Embedded.Tests.AspireHost.Publishing;

/// <summary>The manifest, kind by kind, and of the whole reference application. Golden/aspire-manifest.json is what Aspire 13.2 writes for it.</summary>
public sealed class ManifestTests
{
    private static readonly string Golden = Path.Combine(Repository.Root, "Embedded", "Embedded.Tests", "Golden", "aspire-manifest.json");

    [Fact]
    public async Task The_reference_application_is_written_as_Aspire_writes_it()
    {
        var expected = (await File.ReadAllTextAsync(Golden)).TrimEnd();

        var actual = await Published.ManifestTextAsync(Published.Reference);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task A_container_has_image_entrypoint_args_volumes_variables_and_bindings_in_this_order()
    {
        var cache = await OneAsync("cache", builder => builder.AddKafka("cache").WithImage("example/cache", "1.2").WithArgs("--save", "60")
            .WithVolume("cache-data", "/data").WithEnvironment("MODE", "fast & \"safe\"").WithEndpoint(port: 7000, targetPort: 6379, name: "extra"));

        Assert.Equal(["type", "connectionString", "image", "args", "volumes", "env", "bindings"], cache.Select(p => p.Key));
        Assert.Equal("example/cache:1.2", (string?)cache["image"]);
        Assert.Equal("""["--save","60"]""", cache["args"]!.ToJsonString());
        Assert.Equal("""[{"name":"cache-data","target":"/data","readOnly":false}]""", cache["volumes"]!.ToJsonString());
        Assert.Equal("fast & \"safe\"", (string?)cache["env"]!["MODE"]);
        Assert.Equal("""{"scheme":"tcp","protocol":"tcp","transport":"tcp","port":7000,"targetPort":6379}""", cache["bindings"]!["extra"]!.ToJsonString());
    }

    [Fact]
    public async Task A_folder_of_this_machine_is_written_relative_to_the_manifest()
    {
        var kafka = await OneAsync("kafka", builder => builder.AddKafka("kafka").WithDataBindMount(Path.Combine(Path.GetTempPath(), "kafka-data")));

        Assert.Equal("""[{"source":"../kafka-data","target":"/var/lib/kafka/data","readOnly":false}]""", kafka["bindMounts"]!.ToJsonString());
    }

    [Fact]
    public async Task A_projects_second_endpoint_gets_a_port_and_the_first_leaves_it_to_the_deployment()
    {
        var api = await OneAsync("api", builder => builder.AddProject<Published.Web.Pipeline_Inference>("api").WithHttpEndpoint(name: "admin"));

        Assert.Null(api["bindings"]!["http"]!["targetPort"]);
        Assert.Equal(8000, (int?)api["bindings"]!["admin"]!["targetPort"]);
        Assert.Equal("{api.bindings.http.targetPort};{api.bindings.admin.targetPort}", (string?)api["env"]!["HTTP_PORTS"]);
    }

    [Fact]
    public async Task A_program_is_written_with_its_folder_relative_to_the_manifest()
    {
        var tool = await OneAsync("tool", builder => builder.AddExecutable("tool", "node", Path.Combine(Path.GetTempPath(), "tools"), "index.js"));

        Assert.Equal("""{"type":"executable.v0","workingDirectory":"../tools","command":"node","args":["index.js"]}""", tool.ToJsonString());
    }

    [Fact]
    public async Task A_program_with_a_Dockerfile_is_a_container_where_it_is_published()
    {
        var folder = Path.Combine(Path.GetTempPath(), "tools");
        var text = await Published.ManifestTextAsync(
            builder => builder.AddExecutable("tool", "node", folder, "index.js").PublishAsDockerFile(container => container.WithBuildArg("MODE", "fast"))
                .WithEnvironment("LEVEL", "3"), "--aspirate-compat");

        var tool = JsonNode.Parse(text)!["resources"]!["tool"]!;
        Assert.Equal(
            """{"type":"container.v1","build":{"context":"../tools","dockerfile":"../tools/Dockerfile","args":{"MODE":"fast"}},"env":{"LEVEL":"3"}}""",
            tool.ToJsonString());
        Assert.Empty(ManifestSchema.Problems(JsonNode.Parse(text)!));
    }

    [Theory]
    [InlineData(false, true, """{"type":"string","default":{"value":"eu"}}""")]
    [InlineData(false, false, """{"type":"string"}""")]
    [InlineData(true, false, """{"type":"string","secret":true}""")]
    public async Task A_parameter_says_whether_it_is_secret_and_publishes_its_value_only_when_told(bool secret, bool publish, string input)
    {
        var region = await OneAsync("region", builder => builder.AddParameter("region", "eu", publish, secret));

        Assert.Equal("parameter.v0", (string?)region["type"]);
        Assert.Equal("{region.inputs.value}", (string?)region["value"]);
        Assert.Equal(input, region["inputs"]!["value"]!.ToJsonString());
    }

    [Fact]
    public async Task A_generated_value_tells_only_the_rules_that_are_not_the_usual_ones()
    {
        var pin = await OneAsync("pin", builder => builder.AddParameter(
            "pin", new GenerateParameterDefault { MinLength = 6, Upper = false, Special = false, MinNumeric = 2 }, secret: true));

        Assert.Equal("""{"generate":{"minLength":6,"upper":false,"special":false,"minNumeric":2}}""", pin["inputs"]!["value"]!["default"]!.ToJsonString());
    }

    [Fact]
    public async Task Connection_strings_are_a_secret_parameter_or_a_value()
    {
        var resources = await Published.ResourcesAsync(builder =>
        {
            builder.AddConnectionString("elsewhere");
            builder.AddConnectionString("made", ReferenceExpression.Create($"Host={builder.AddParameter("host")};Mode=fast"));
        });

        Assert.Equal("""{"type":"parameter.v0","connectionString":"{elsewhere.value}","value":"{elsewhere.inputs.value}","inputs":{"value":{"type":"string","secret":true}}}""",
            resources["elsewhere"]!.ToJsonString());
        Assert.Equal("""{"type":"value.v0","connectionString":"Host={host.value};Mode=fast"}""", resources["made"]!.ToJsonString());
    }

    [Fact]
    public async Task A_resource_may_write_itself_or_be_left_out()
    {
        var resources = await Published.ResourcesAsync(builder =>
        {
            builder.AddParameter("mine", "x").WithManifestPublishingCallback(context => context.Writer.WriteString("type", "mine.v0"));
            builder.AddParameter("hidden", "x").ExcludeFromManifest();
        });

        Assert.Equal("""{"mine":{"type":"mine.v0"}}""", resources.ToJsonString());
    }

    [Fact]
    public async Task Nothing_of_a_run_is_in_the_manifest()
    {
        var text = await Published.ManifestTextAsync(Published.Reference);

        foreach (var word in (string[])["replicas", "waitFor", "health", "localhost:1", "OTEL_EXPORTER", "Embedded", "mongo-express", "kafka-ui", "ASPNETCORE_URLS"])
            Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_manifest_is_the_same_in_the_old_and_the_new_form_of_the_command()
    {
        using var folder = new TemporaryFolder();

        await Published.RunAsync(Published.Reference, "--operation", "publish", "--step", "publish-manifest", "--output-path", folder.Path);

        var expected = JsonNode.Parse(await Published.ManifestTextAsync(Published.Reference));
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(await File.ReadAllTextAsync(folder.File("aspire-manifest.json")))));
    }

    [Theory]
    [InlineData("--output-path", "--publisher", "manifest")]
    [InlineData("publish-manifest", "--operation", "publish", "--step", "nonsense")]
    [InlineData("nonsense", "--publisher", "nonsense")]
    [InlineData("publish", "--operation", "nonsense")]
    public async Task A_command_that_cannot_be_carried_out_names_the_remedy(string remedy, params string[] args)
    {
        var refusal = await Assert.ThrowsAnyAsync<DistributedApplicationException>(() => Published.RunAsync(Published.Reference, args));

        Assert.Contains(remedy, refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<JsonObject> OneAsync(string name, Action<IDistributedApplicationBuilder> describe) =>
        (await Published.ResourcesAsync(describe))[name]!.AsObject();
}
