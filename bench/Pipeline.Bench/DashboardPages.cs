using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Embedded.Tests.Dashboard.Pages;

/// <summary>How long the dashboard takes to answer with each page of telemetry, with 100,000 spans stored: asked over HTTP, after a warm-up.</summary>
internal static class DashboardPages
{
    private const int Rounds = 20;

    private static readonly TimeSpan Goal = TimeSpan.FromMilliseconds(200);

    public static async Task RunAsync(string[] _)
    {
        var (pages, otlp) = ($"http://127.0.0.1:{FreePort()}", $"http://127.0.0.1:{FreePort()}");
        var program = Path.Combine(Machine.RepositoryRoot, "Embedded", "Embedded.Aspire.Dashboard", "bin", "Release", "net10.0", "Embedded.Aspire.Dashboard");
        using var dashboard = Process.Start(new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = pages,
                ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = otlp,
                ["Dashboard__TelemetryLimits__MaxTraceCount"] = $"{MuchTelemetry.TraceCount + 1}",
            },
        })!;
        try
        {
            if (await dashboard.StandardOutput.ReadLineAsync() is null) throw new InvalidOperationException("The dashboard ended at once; build it with -c Release.");
            using var http = new HttpClient();
            await FillAsync(http, otlp);
            dashboard.Refresh();
            Console.WriteLine($"{MuchTelemetry.TraceCount * MuchTelemetry.SpansPerTrace:#,0} spans stored; working set {dashboard.WorkingSet64 / 1e6:0} MB; goal: every page below {Goal.TotalMilliseconds} ms");
            foreach (var path in MuchTelemetry.Pages) await MeasureAsync(http, pages, path);
        }
        finally
        {
            dashboard.Kill();
            await dashboard.WaitForExitAsync();
        }
    }

    private static async Task FillAsync(HttpClient http, string otlp)
    {
        foreach (var (signal, json) in MuchTelemetry.Requests())
        {
            using var content = new StringContent(json, Encoding.UTF8, "application/json");
            using var response = await http.PostAsync($"{otlp}/v1/{signal}", content);
            response.EnsureSuccessStatusCode();
        }
    }

    private static async Task MeasureAsync(HttpClient http, string pages, string path)
    {
        var length = (await http.GetByteArrayAsync(pages + path)).Length;
        var times = new List<double>(Rounds);
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            await http.GetByteArrayAsync(pages + path);
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine($"  {times[Rounds / 2],7:0.0} ms (slowest {times[^1]:0.0}), {length / 1e3,6:0} KB  {path}{(times[Rounds / 2] > Goal.TotalMilliseconds ? "  MISSED" : "")}");
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        return ((System.Net.IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
