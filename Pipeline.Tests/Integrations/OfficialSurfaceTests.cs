using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Embedded.Tests.Support;

namespace Pipeline.Tests.Integrations;

/// <summary>
/// Integrations/ has what the official packages have, and what is used of it is there with <c>-p:OfficialIntegrations=true</c> too. The list
/// says where it was read.
/// </summary>
public sealed class OfficialSurfaceTests
{
    private static readonly string[] Integrations = ["Aspire.Confluent.Kafka", "Aspire.Hosting.Kafka", "Aspire.Hosting.MongoDB",
        "Aspire.MongoDB.Driver"];

    private static readonly string[] Users =
        ["Pipeline.AppHost", "Pipeline.ServiceDefaults", "Pipeline.Producer", "Pipeline.Inference", "Pipeline.DbConsumer", "Pipeline.Analytics"];

    private static readonly string[] Official =
        [.. File.ReadLines(Path.Combine(Repository.Root, "Pipeline.Tests", "Integrations", "Golden", "official-surface.txt"))
            .Where(line => line is not ("" or ['#', ..]))];

    [Fact]
    public void Integrations_have_the_official_surface_and_no_more() =>
        Assert.Equal(
            Official.Order(StringComparer.Ordinal),
            Integrations.Select(Assembly.Load).SelectMany(PublicSurface.Of).Order(StringComparer.Ordinal));

    [Fact]
    public void What_the_AppHost_and_the_services_use_of_them_is_official()
    {
        var used = Users.SelectMany(user => UsedBy(Assembly.Load(user))).Distinct().ToList();

        Assert.Contains(used, line => line.StartsWith("Aspire.Hosting.KafkaBuilderExtensions.AddKafka(", StringComparison.Ordinal));
        Assert.Contains(
            used, line => line.StartsWith("Microsoft.Extensions.Hosting.AspireKafkaProducerExtensions.AddKafkaProducer<", StringComparison.Ordinal));
        Assert.All(used, line => Assert.Contains(line, Official));
    }

    /// <summary>Types and members of the integrations that a compiled assembly refers to.</summary>
    private static IEnumerable<string> UsedBy(Assembly user)
    {
        using var file = new PEReader(File.OpenRead(user.Location));
        var metadata = file.GetMetadataReader();
        var types = metadata.TypeReferences.Where(type => IsOfIntegration(metadata, type)).ToHashSet();
        var members = metadata.MemberReferences.Where(member =>
            metadata.GetMemberReference(member).Parent is { Kind: HandleKind.TypeReference } parent && types.Contains((TypeReferenceHandle)parent));
        return [.. types.Select(type => MetadataTokens.GetToken(type)).Concat(members.Select(member => MetadataTokens.GetToken(member)))
            .Select(token => PublicSurface.Describe(user.ManifestModule.ResolveMember(token)!))];
    }

    private static bool IsOfIntegration(MetadataReader metadata, TypeReferenceHandle type) =>
        metadata.GetTypeReference(type).ResolutionScope is { Kind: HandleKind.AssemblyReference } scope
        && Integrations.Contains(metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name));
}
