using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Embedded.Aspire.Dashboard;

/// <summary>Where the dashboard listens: pages on one port, telemetry on others.</summary>
internal static class Listeners
{
    /// <summary>Listens on everything that the options name.</summary>
    public static void Configure(KestrelServerOptions kestrel)
    {
        var options = kestrel.ApplicationServices.GetRequiredService<DashboardOptions>();
        kestrel.AddServerHeader = false;
        foreach (var url in options.FrontendUrls) Listen(kestrel, url, HttpProtocols.Http1);
        if (options.OtlpHttpUrl is { } http) Listen(kestrel, http, HttpProtocols.Http1);
        if (options.OtlpGrpcUrl is { } grpc) Listen(kestrel, grpc, HttpProtocols.Http2);    // without TLS nothing else tells HTTP/2 apart
    }

    /// <summary>Whether a request came to a port for pages.</summary>
    public static bool IsFrontend(this HttpContext context, DashboardOptions options) =>
        options.FrontendUrls.Any(url => url.Port == context.Connection.LocalPort);

    private static void Listen(KestrelServerOptions kestrel, Uri url, HttpProtocols protocols)
    {
        if (url.Host == "localhost") kestrel.ListenLocalhost(url.Port, Use);
        else if (IPAddress.TryParse(url.DnsSafeHost, out var address)) kestrel.Listen(address, url.Port, Use);
        else kestrel.ListenAnyIP(url.Port, Use);

        void Use(ListenOptions listen) => listen.Protocols = protocols;
    }
}
