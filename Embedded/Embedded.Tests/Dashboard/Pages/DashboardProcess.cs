using System.Net;
using System.Text;
using Embedded.Aspire.Running;
using Embedded.Tests.Support;

namespace Embedded.Tests.Dashboard.Pages;

/// <summary>The dashboard as the AppHost starts it, without a login, and with a port for telemetry.</summary>
internal sealed class DashboardProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly ClientProgram _program;
    private readonly HttpClient _http = new();
    private readonly string _otlp;

    private DashboardProcess(ClientProgram program, string address, string otlp) => (_program, Address, _otlp) = (program, address, otlp);

    /// <summary>http://HOST:PORT, where the pages are.</summary>
    public string Address { get; }

    public string Transcript => _program.Transcript;

    /// <param name="limits">Such as <c>MaxTraceCount</c>; the dashboard's own defaults where nothing is said.</param>
    public static async Task<DashboardProcess> StartAsync(params (string Name, int Value)[] limits)
    {
        var (address, otlp) = ($"http://127.0.0.1:{PortAllocator.Next()}", $"http://127.0.0.1:{PortAllocator.Next()}");
        var environment = limits.ToDictionary(limit => $"Dashboard__TelemetryLimits__{limit.Name}", limit => limit.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        environment["ASPNETCORE_URLS"] = address;
        environment["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = otlp;
        var outputs = new DirectoryInfo(AppContext.BaseDirectory);                            // …/bin/Debug/net10.0/
        var program = Path.Combine(Repository.Root, "Embedded", "Embedded.Aspire.Dashboard", "bin", outputs.Parent!.Name, outputs.Name, "Embedded.Aspire.Dashboard");
        var running = ClientProgram.Start(program, [], environment: environment);
        try
        {
            await running.WaitForLineAsync(line => line.StartsWith("listening ", StringComparison.Ordinal), StartLimit);
            return new DashboardProcess(running, address, otlp);
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <param name="signal"><c>traces</c>, <c>logs</c> or <c>metrics</c>.</param>
    /// <param name="json">An OTLP export request.</param>
    public async Task SendAsync(string signal, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync($"{_otlp}/v1/{signal}", content, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {answer}");
        Assert.Equal("{}", answer);
    }

    /// <summary>The page at that path, which must be there.</summary>
    public async Task<string> GetAsync(string path)
    {
        using var response = await _http.GetAsync(Address + path, TestContext.Current.CancellationToken);
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {response.StatusCode}\n{page}\n{Transcript}");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _program.DisposeAsync();
    }
}
