using Embedded.Kafka;
using Embedded.Kafka.Wire;
using Embedded.Tests.Kafka.Wire;

namespace Embedded.Tests.Kafka.Apis;

/// <summary>ApiVersions, InitProducerId and FindCoordinator: short answers that decide what clients do next.</summary>
public sealed class ProducerIdAndCoordinatorTests : ABroker
{
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task What_is_offered_is_the_table_in_key_order(short version)
    {
        var answer = await Client.AskAsync(Requests.ApiVersions, version, Hello("librdkafka", "2.15.1"));

        Assert.Equal(
            ApiTable.All.Select(api => ((long)api.Key, (long)api.MinVersion, (long)api.MaxVersion)),
            answer.Messages("api_keys").Select(api => (api.Number("api_key"), api.Number("min_version"), api.Number("max_version"))));
        Assert.Equal(ApiTable.All.OrderBy(api => api.Key), ApiTable.All);
    }

    [Theory]
    [InlineData("", "1")]
    [InlineData("a b", "1")]
    [InlineData("-a", "1")]
    [InlineData("a", "1.")]
    public async Task A_client_without_a_proper_name_is_told_so(string name, string version)
    {
        var answer = await Client.AskAsync(Requests.ApiVersions, 3, Hello(name, version));

        Assert.Equal((long)ErrorCode.InvalidRequest, answer.Number("error_code"));
        Assert.Empty(answer.Messages("api_keys"));
    }

    [Theory]
    [InlineData(null, -1, -1, ErrorCode.None)]
    [InlineData(null, 5, 3, ErrorCode.None)]
    [InlineData(null, 5, -1, ErrorCode.InvalidRequest)]
    [InlineData(null, -1, 3, ErrorCode.InvalidRequest)]
    [InlineData("", -1, -1, ErrorCode.InvalidRequest)]
    [InlineData("transfers", -1, -1, ErrorCode.InvalidRequest)]
    public async Task A_producer_gets_an_id_of_its_own_or_a_reason(string? transactionalId, long id, long epoch, ErrorCode expected)
    {
        var answer = await Client.AskAsync(Requests.InitProducerId, 4, Requests.ToInitProducerId(transactionalId, id, epoch));

        Assert.Equal((long)expected, answer.Number("error_code"));
        Assert.Equal(expected == ErrorCode.None ? 0 : -1, answer.Number("producer_epoch"));
        Assert.Equal(expected == ErrorCode.None, answer.Number("producer_id") >= 0);
    }

    [Theory]
    [InlineData(0, ErrorCode.None)]
    [InlineData(1, ErrorCode.None)]
    [InlineData(2, ErrorCode.InvalidRequest)]
    public async Task This_broker_coordinates_every_group(long keyType, ErrorCode expected)
    {
        var answer = await Client.AskAsync(Requests.FindCoordinator, 3, new Message { ["key"] = "g", ["key_type"] = keyType });

        Assert.Equal((long)expected, answer.Number("error_code"));
        Assert.Equal(expected == ErrorCode.None ? Running.Broker.Port : -1, answer.Number("port"));
    }

    private static Message Hello(string name, string version) => new() { ["client_software_name"] = name, ["client_software_version"] = version };
}
