using Embedded.Kafka;
using Embedded.Tests.Kafka.Wire;

namespace Embedded.Tests.Kafka.Apis;

/// <summary>A running broker with one topic "t" and a socket to it: what most tests of an API begin with.</summary>
public abstract class ABroker : IAsyncLifetime
{
    internal const string Topic = "t";

    internal RunningBroker Running { get; private set; } = null!;

    internal KafkaSocket Client { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Running = await RunningBroker.StartAsync(Configure);
        Client = await KafkaSocket.ConnectAsync(Running.Broker.Port);
        await CreateAsync(Topic);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Running.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal virtual BrokerOptions Configure(BrokerOptions options) => options;

    internal async Task ReconnectAsync()
    {
        await Client.DisposeAsync();
        Client = await KafkaSocket.ConnectAsync(Running.Broker.Port);
    }

    internal async Task CreateAsync(string topic, long partitions = 1, params (string Name, string? Value)[] settings)
    {
        var answer = await Client.AskAsync(Requests.CreateTopics, 4, Requests.ToCreateTopic(topic, partitions, settings: settings));
        Assert.Equal(0, answer.Messages("topics").Single().Number("error_code"));
    }

    internal async Task<Message> ProduceAsync(byte[] batch, string topic = Topic, int partition = 0) =>
        (await Client.AskAsync(Requests.Produce, 9, Requests.ToProduce(topic, partition, batch))).OnlyPartition();

    internal async Task<Message> FetchAsync(Message request, short version = 12) =>
        (await Client.AskAsync(Requests.Fetch, version, request)).OnlyPartition();
}
