using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Embedded.Aspire.Dashboard;
using Embedded.Aspire.Dashboard.Otlp;
using Embedded.Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Embedded.Tests.Dashboard.Otlp;

/// <summary>The dashboard's receiver without its pages, on free ports of this machine.</summary>
internal sealed class RunningReceiver : IAsyncDisposable
{
    public const string Protobuf = "application/x-protobuf";
    public const string Json = "application/json";

    private readonly WebApplication _app;

    private RunningReceiver(WebApplication app)
    {
        _app = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        (Http, Grpc) = (new Uri(addresses[0]), new Uri(addresses[1]));
        Client = new HttpClient { BaseAddress = Http };
    }

    public Uri Http { get; }

    public Uri Grpc { get; }

    public HttpClient Client { get; }

    public TelemetryStore Store => _app.Services.GetRequiredService<TelemetryStore>();

    public static async Task<RunningReceiver> StartAsync(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddSingleton(DashboardOptions.Read(builder.Configuration));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.AddTelemetry();
        builder.Services.AddOtlp();
        var app = builder.Build();
        app.MapOtlp();
        app.MapTelemetryApi();
        await app.StartAsync();
        return new RunningReceiver(app);
    }

    public async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string contentType = Protobuf, string? encoding = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (encoding is not null) request.Content.Headers.ContentEncoding.Add(encoding);
        if (key is not null) request.Headers.Add("x-otlp-api-key", key);
        return await Client.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostJsonAsync(string path, string json) => PostAsync(path, Encoding.UTF8.GetBytes(json), Json);

    /// <summary>Stops as the dashboard does: what is queued for the file is written.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
