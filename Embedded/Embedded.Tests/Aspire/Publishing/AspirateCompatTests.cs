using System.Text.Json.Nodes;
using Aspire.Hosting;
using Embedded.Tests.Support;

namespace Embedded.Tests.AspireHost.Publishing;

/// <summary>--aspirate-compat: the same application in a manifest that aspirate 9 reads.</summary>
public sealed class AspirateCompatTests
{
    private static readonly Dictionary<string, string> Inputs = new() { ["mongodb-password"] = "secret1", ["operator-key"] = "key1" };

    [Fact]
    public async Task Every_placeholder_resolves_by_aspirates_rules()
    {
        var resources = await Published.ResourcesAsync(Published.Reference, "--aspirate-compat");
        var resolver = new ManifestResolver(resources, Inputs);

        Assert.DoesNotContain(resolver.Templates().Select(template => resolver.Resolve(template.Text)), ManifestResolver.HasPlaceholder);
        var variables = resolver.Variables("db-consumer");
        Assert.Equal("kafka:9092", variables["ConnectionStrings__kafka"]);
        Assert.Equal("mongodb://admin:secret1@mongodb:27017/pipeline?authSource=admin", variables["ConnectionStrings__pipelinedb"]);
        Assert.Equal("http://inference:8080", resolver.Variables("analytics")["services__inference__http__0"]);
    }

    [Fact]
    public async Task The_manifest_without_the_switch_resolves_too_and_encodes_the_password()
    {
        var resources = await Published.ResourcesAsync(Published.Reference);
        var resolver = new ManifestResolver(resources, new Dictionary<string, string>(Inputs) { ["mongodb-password"] = "a/b&c" });

        Assert.DoesNotContain(resolver.Templates().Select(template => resolver.Resolve(template.Text)), ManifestResolver.HasPlaceholder);
        Assert.Equal("mongodb://admin:a%2Fb%26c@mongodb:27017/pipeline?authSource=admin&authMechanism=SCRAM-SHA-256",
            resolver.Variables("db-consumer")["ConnectionStrings__pipelinedb"]);
    }

    [Fact]
    public async Task What_aspirate_cannot_read_is_gone()
    {
        var text = await Published.ManifestTextAsync(Published.Reference, "--aspirate-compat");

        foreach (var word in (string[])["annotated.string", "-uri-encoded", "\\u0026", "authMechanism", "https", "KAFKA_HOST", "PIPELINEDB_"])
            Assert.DoesNotContain(word, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--aspirate-compat")]
    public async Task The_manifest_obeys_the_published_schema(params string[] args) =>
        Assert.Empty(ManifestSchema.Problems(JsonNode.Parse(await Published.ManifestTextAsync(Published.Reference, args))!));

    [Fact]
    public async Task A_program_is_refused_with_the_way_out()
    {
        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(() =>
            Published.ManifestTextAsync(builder => builder.AddExecutable("tool", "node", "."), "--aspirate-compat"));

        Assert.Contains("PublishAsDockerFile", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'tool'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_would_have_to_be_encoded_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(() =>
            Published.ManifestTextAsync(Published.Reference, "--aspirate-compat", "--Parameters:mongodb-password", "a/b"));

        Assert.Contains("Parameters:mongodb-password", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a/b", refusal.Message, StringComparison.Ordinal);
    }
}
