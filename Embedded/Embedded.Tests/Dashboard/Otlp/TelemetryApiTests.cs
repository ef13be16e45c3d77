using System.Net;
using System.Text.Json;
using Embedded.Tests.Dashboard.Telemetry;

namespace Embedded.Tests.Dashboard.Otlp;

public sealed class TelemetryApiTests
{
    [Fact]
    public async Task Programs_read_the_lines_that_were_sent()
    {
        await using var receiver = await RunningReceiver.StartAsync();
        (await receiver.PostJsonAsync("/v1/traces", Requests.SpanJson)).Dispose();
        (await receiver.PostAsync("/v1/logs", Requests.Logs(Sample.Log("first"), Sample.Log("second", severity: 17)))).Dispose();

        Assert.Equal(Requests.SpanJson + "\n", await receiver.Client.GetStringAsync("/api/telemetry/traces"));
        Assert.Equal(Requests.SpanJson + "\n", await receiver.Client.GetStringAsync("/api/telemetry/traces/5B8EFFF798038103D269B633813FC60C"));
        Assert.Equal(Requests.SpanJson + "\n", await receiver.Client.GetStringAsync("/api/telemetry/spans?resource=inference"));
        Assert.Empty(await receiver.Client.GetStringAsync("/api/telemetry/spans?error=true"));
        var errors = await receiver.Client.GetStringAsync("/api/telemetry/logs?minSeverity=17");
        Assert.Contains("second", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resources_and_counters_are_plain_JSON()
    {
        await using var receiver = await RunningReceiver.StartAsync();
        (await receiver.PostJsonAsync("/v1/traces", Requests.SpanJson)).Dispose();

        using var resources = JsonDocument.Parse(await receiver.Client.GetStringAsync("/api/telemetry/resources"));
        using var counters = JsonDocument.Parse(await receiver.Client.GetStringAsync("/api/telemetry/counters"));
        using var unknown = await receiver.Client.GetAsync("/api/telemetry/traces/nothing");

        Assert.Equal("inference", Assert.Single(resources.RootElement.EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(1, counters.RootElement.GetProperty("Traces").GetProperty("kept").GetInt64());
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }
}
