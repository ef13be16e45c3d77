namespace Embedded.Tests.Dashboard.Pages;

/// <summary>How fast the pages are, the bench `dashboard-pages` tells; here, that they answer and are of bounded size.</summary>
public sealed class MuchTelemetryTests
{
    private const int MaxPageBytes = 4_000_000;

    [Fact]
    public async Task Every_page_answers_with_a_hundred_thousand_spans_stored()
    {
        await using var dashboard = await DashboardProcess.StartAsync(("MaxTraceCount", MuchTelemetry.TraceCount + 1));
        foreach (var (signal, json) in MuchTelemetry.Requests()) await dashboard.SendAsync(signal, json);

        foreach (var path in MuchTelemetry.Pages) Assert.InRange((await dashboard.GetAsync(path)).Length, 1_000, MaxPageBytes);
        Assert.Contains("10,001 traces", await dashboard.GetAsync("/traces"), StringComparison.Ordinal);
        Assert.Contains("image-7777-", await dashboard.GetAsync($"/traces/detail/{OtlpJson.Hex(16, 7_778)}?span={OtlpJson.Hex(8, 77_771)}"), StringComparison.Ordinal);
    }
}
