using Embedded.Tests.Support;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Tests.ServiceDefaults;

public sealed class ConsumerProgressTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConsumerProgress _progress;
    private long _waiting;

    public ConsumerProgressTests() => _progress = new(_time, () => _waiting);

    [Fact]
    public async Task Records_that_wait_while_none_is_finished_are_a_standstill_and_its_reason_is_said()
    {
        _waiting = 1_234;
        _progress.Trouble = "the disk is full";
        _time.Advance(TimeSpan.FromSeconds(25));

        var said = await CheckAsync();

        Assert.Equal(HealthStatus.Unhealthy, said.Status);
        Assert.Equal("1,234 records wait and none has been finished for 25 s: the disk is full", said.Description);
    }

    [Fact]
    public async Task Nothing_to_do_is_no_standstill_and_what_comes_after_it_has_its_time()
    {
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);

        _waiting = 1;
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
    }

    [Fact]
    public async Task A_slow_service_that_moves_is_healthy()
    {
        _waiting = 1_000_000;
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
            _progress.Moved();
        }
    }

    private Task<HealthCheckResult> CheckAsync() =>
        _progress.CheckHealthAsync(new HealthCheckContext { Registration = new("progress", _progress, HealthStatus.Unhealthy, tags: null) });
}
