using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Tests.Dashboard.Telemetry;

public sealed class TelemetryStoreTests
{
    private readonly TelemetryStore _store = new(new TelemetryLimits { MaxResourceCount = 3 });

    [Fact]
    public void A_service_is_called_by_its_name_until_a_second_instance_comes()
    {
        var first = Get("inference", "3f2a9c01-0000-4000-8000-000000000000");
        Assert.Equal("inference", first.DisplayName);

        var second = Get("inference", "replica-2");

        Assert.Equal(("inference-3f2a9c01", "inference-replica-2"), (first.DisplayName, second.DisplayName));
        Assert.Same(second, _store.FindResource("Inference-Replica-2"));
        _store.Remove(second);
        Assert.Equal("inference", first.DisplayName);
    }

    [Fact]
    public void The_same_resource_is_one_object()
    {
        Assert.Same(Get("producer", "1"), Get("producer", "1"));
        Assert.Same(_store.GetScope(new("a", "1", Attributes.Of(("x", 1L)))), _store.GetScope(new("a", "1", Attributes.Of(("x", 1L)))));
        Assert.Equal("unknown_service", _store.GetResource(Attributes.None).DisplayName);
    }

    [Fact]
    public void The_resource_not_heard_of_for_longest_goes_with_its_metrics()
    {
        var first = Get("a", "1");
        _store.Metrics.Add([Sample.Metric("load", 1, 1, resource: first)]);
        Get("b", "1");
        Get("c", "1");
        Get("d", "1");

        Assert.Equal(["b", "c", "d"], _store.Resources.Select(resource => resource.DisplayName));
        Assert.Equal(0, _store.Metrics.Counters.Kept);
    }

    [Fact]
    public void Values_keep_their_kind_exactly()
    {
        AttributeValue[] values =
            ["text", true, long.MinValue, 0.1, double.NaN, AttributeValue.Of(new byte[] { 1, 2 }), AttributeValue.Of(new AttributeValue[] { "a", 1L }), AttributeValue.Of(Attributes.Of(("k", false))), AttributeValue.Empty];

        Assert.Equal(["text", "true", "-9223372036854775808", "0.1", "NaN", "AQI=", "[\"a\",1]", "{\"k\":false}", ""], values.Select(value => value.ToString()));
        Assert.Equal(values.Length, values.Distinct().Count());
        Assert.NotEqual((AttributeValue)1L, (AttributeValue)1.0);
        Assert.Equal(AttributeValue.Of(new byte[] { 1, 2 }), AttributeValue.Of(new byte[] { 1, 2 }));
    }

    [Theory]
    [InlineData("5b8efff798038103d269b633813fc60c", true)]
    [InlineData("5B8EFFF798038103D269B633813FC60C", true)]
    [InlineData("5b8efff798038103d269b633813fc60", false)]
    [InlineData("5b8efff798038103d269b633813fc60x", false)]
    public void Trace_ids_are_read_in_either_case_and_written_in_lower_case(string hex, bool isValid)
    {
        Assert.Equal(isValid, TraceId.TryParse(hex, out var id));
        if (isValid) Assert.Equal(hex, id.ToString(), ignoreCase: true);
    }

    private TelemetryResource Get(string name, string instance) => _store.GetResource(Attributes.Of(("service.name", name), ("service.instance.id", instance)));
}
