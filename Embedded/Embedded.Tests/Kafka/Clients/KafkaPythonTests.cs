using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka.Clients;

/// <summary>kafka-python 2.0.2: fixed request versions, and a probing of its own when none is given.</summary>
[Trait("Speed", "slow")]
public sealed class KafkaPythonTests
{
    [Theory]
    [InlineData("probed")]
    [InlineData("fixed", "2.5.0")]
    public async Task Admin_producer_and_group_consumer_work(string prefix, params string[] version)
    {
        var python = await Installed.PythonModuleAsync("kafka", "apt-get install python3-kafka");
        using var data = new TemporaryFolder();
        await using var broker = await ServerProcess.StartKafkaAsync(data.Path);

        var result = await ClientProgram.RunAsync(
            python, [Path.Combine(Repository.Clients, "kafka_python_round_trip.py"), broker.Address, prefix, .. version]);

        Assert.Equal("ok 500", result.Succeeded());
    }
}
