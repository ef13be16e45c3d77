using Aspire.Confluent.Kafka;
using Embedded.Tests.Support;

namespace Embedded.Tests.AspireClients;

/// <summary>
/// The public surface, line by line. It is that of Aspire.Confluent.Kafka and Aspire.MongoDB.Driver (13.1): a line that is new in a
/// diff has to be found in theirs first. UPDATE_GOLDEN=1 rewrites the list.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly string Golden = Path.Combine(Repository.Root, "Embedded", "Embedded.Tests", "Golden", "Aspire.Clients.PublicApi.txt");

    [Fact]
    public void The_public_surface_is_the_one_that_was_reviewed()
    {
        var actual = typeof(KafkaProducerSettings).Assembly.GetExportedTypes()
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => AspireHost.PublicApiTests.Describe(type).Select((line, index) => index == 0 ? $"{type.Namespace}: {line}" : line)).ToList();

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllLines(Golden, actual);

        Assert.Equal(File.ReadAllLines(Golden), actual);
    }
}
