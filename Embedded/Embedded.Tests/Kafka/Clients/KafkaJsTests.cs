using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka.Clients;

/// <summary>kafkajs 2.2.4: a client that shares no code with librdkafka or Java's.</summary>
public sealed class KafkaJsTests : IAsyncLifetime
{
    private const int Count = 400;

    private readonly TemporaryFolder _data = new();
    private ServerProcess _broker = null!;
    private string _node = "";

    public async ValueTask InitializeAsync()
    {
        _node = Installed.NodePackage("kafkajs");
        _broker = await ServerProcess.StartKafkaAsync(_data.Path);
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        _data.Dispose();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task An_idempotent_producer_and_the_admin_client_work_by_address_and_by_name(string host)
    {
        var result = await ClientProgram.RunAsync(_node, [Script("kafkajs-produce.mjs"), $"{host}:{_broker.Port}", "t", "4", $"{Count}"]);

        Assert.Equal(["brokers 1 listed true", $"stored {Count}"], result.Succeeded().Split('\n'));
    }

    [Fact]
    [Trait("Speed", "slow")]
    public async Task Three_members_read_everything_though_one_is_killed()
    {
        (await ClientProgram.RunAsync(_node, [Script("kafkajs-produce.mjs"), _broker.Address, "t", "6", $"{Count}"])).Succeeded();
        var members = Enumerable.Range(0, 3).Select(_ => ClientProgram.Start(_node, [Script("kafkajs-member.mjs"), _broker.Address, "g", "t"]))
            .ToList();
        try
        {
            await SharedAsync(members, 2);
            await Eventually.TrueAsync(() => Values(members).Count == Count, TimeSpan.FromSeconds(20), () => State(members));

            await members[0].KillAsync();
            await SharedAsync(members[1..], 3);

            Signal.SendTerminate(members[1].Id);
            await members[1].WaitForExitAsync();
            await SharedAsync(members[2..], 6);
            Assert.Equal(
                Enumerable.Range(0, Count).Select(i => $"v{i}").Order(StringComparer.Ordinal), Values(members).Order(StringComparer.Ordinal));
        }
        finally
        {
            foreach (var member in members)
            {
                await member.DisposeAsync();
            }
        }
    }

    private static string Script(string name) => Path.Combine(Repository.Clients, name);

    private static Task SharedAsync(IReadOnlyList<ClientProgram> members, int each) => Eventually.TrueAsync(
        () => members.All(member => Partitions(member).Length == each) && members.SelectMany(Partitions).Distinct().Count() == 6,
        TimeSpan.FromSeconds(30), () => State(members));

    private static string[] Partitions(ClientProgram member) =>
        (member.Output.FindLast(line => line.StartsWith("assigned", StringComparison.Ordinal)) ?? "assigned")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];

    private static HashSet<string> Values(IEnumerable<ClientProgram> members) =>
        [.. members.SelectMany(member => member.Output).Where(line => line.StartsWith("read", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[3])];

    private static string State(IEnumerable<ClientProgram> members) => string.Join("\n---\n", members.Select(member => member.Transcript));
}
