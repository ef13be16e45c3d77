using System.Diagnostics;
using Embedded.Tests.Support;
using Microsoft.Extensions.Configuration;
using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Tests.Telemetry;

public sealed class TraceSamplingTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ActivityListener _listener = new() { ShouldListenTo = source => source.Name == TelemetryNames.ActivitySource };

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Nothing_is_recorded_when_nobody_listens() => Assert.Equal(0, Recorded(Sampling("1"), images: 100));

    [Theory]
    [InlineData("1", 10_000, 10_000)]
    [InlineData("0", 0, 0)]
    [InlineData("0.25", 2_200, 2_800)]                       // six standard deviations
    public void A_share_is_kept_by_chance(string share, int min, int max)
    {
        Listen();

        Assert.InRange(Recorded(Sampling(share), images: 10_000), min, max);
    }

    [Fact]
    public void Below_the_target_every_image_is_traced_and_above_it_as_many_as_the_target()
    {
        Listen();
        var sampling = Sampling("200/s");

        Assert.Equal(100, RecordedInASecond(sampling, images: 100));
        RecordedInASecond(sampling, images: 2_000);          // the rush is not known yet
        Assert.InRange(RecordedInASecond(sampling, images: 2_000), 110, 290);
        RecordedInASecond(sampling, images: 100);            // nor is its end
        Assert.Equal(100, RecordedInASecond(sampling, images: 100));
    }

    [Theory]
    [InlineData("")]
    [InlineData("100/s")]
    [InlineData("1.0")]
    public void Shares_and_rates_are_read(string setting)
    {
        Listen();

        Assert.Equal(1, Recorded(Sampling(setting), images: 1));
    }

    [Theory]
    [InlineData("1.01")]
    [InlineData("-0.1")]
    [InlineData("some")]
    [InlineData("/s")]
    public void Anything_else_is_refused_by_its_name(string setting) =>
        Assert.Contains("Telemetry:Sampling", Assert.Throws<StartupException>(() => Sampling(setting)).Message, StringComparison.Ordinal);

    private void Listen() => ActivitySource.AddActivityListener(_listener);

    private TraceSampling Sampling(string setting) =>
        TraceSampling.From(new ConfigurationBuilder().AddInMemoryCollection([new("Telemetry:Sampling", setting)]).Build(), _time);

    private static int Recorded(TraceSampling sampling, int images) => Enumerable.Range(0, images).Count(_ => sampling.Next());

    private int RecordedInASecond(TraceSampling sampling, int images)
    {
        var recorded = Recorded(sampling, images);
        _time.Advance(TimeSpan.FromSeconds(1));
        return recorded;
    }
}
