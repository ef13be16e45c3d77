using System.Text.Json.Nodes;
using Embedded.Tests.Support;

namespace Pipeline.Tests.Integrations;

/// <summary><c>-p:OfficialIntegrations=true</c> puts packages in the place of projects and changes nothing else.</summary>
[Trait("Speed", "slow")]
public sealed class OfficialIntegrationsTests
{
    [Theory]
    [InlineData("Pipeline.AppHost", "Aspire.Hosting.Kafka", "Aspire.Hosting.MongoDB")]
    [InlineData("Pipeline.ServiceDefaults", "Aspire.Confluent.Kafka")]
    [InlineData("Pipeline.Analytics", "Aspire.Confluent.Kafka", "Aspire.MongoDB.Driver")]
    public async Task The_switch_exchanges_projects_for_packages(string project, params string[] integrations)
    {
        var ours = await ReferencesAsync(project);
        var official = await ReferencesAsync(project, "-p:OfficialIntegrations=true");

        Assert.Equal(integrations, ours.Projects.Except(official.Projects).Order(StringComparer.Ordinal));
        Assert.Equal(integrations, official.Packages.Except(ours.Packages).Order(StringComparer.Ordinal));
        Assert.Empty(official.Projects.Except(ours.Projects));
        Assert.Empty(ours.Packages.Except(official.Packages));
    }

    private static async Task<(string[] Projects, string[] Packages)> ReferencesAsync(string project, params string[] options)
    {
        var answer = JsonNode.Parse((await ClientProgram.RunAsync(
            "dotnet",
            ["msbuild", Path.Combine(Repository.Root, project, project + ".csproj"), "-getItem:ProjectReference", "-getItem:PackageReference",
                .. options],
            limit: TimeSpan.FromMinutes(3))).Succeeded())!["Items"]!;
        string[] Names(string item) =>
            [.. answer[item]!.AsArray().Select(reference => item == "ProjectReference"
                ? Path.GetFileNameWithoutExtension((string)reference!["Identity"]!) : (string)reference!["Identity"]!)];
        return (Names("ProjectReference"), Names("PackageReference"));
    }
}
