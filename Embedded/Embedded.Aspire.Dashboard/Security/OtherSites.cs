using System.Net;

namespace Embedded.Aspire.Dashboard.Security;

/// <summary>Keeps other sites that are open in the same browser from reading the pages through a rebound name, or pressing their buttons.</summary>
internal static class OtherSites
{
    private const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    public static void UseOtherSitesRefused(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<DashboardOptions>();
        app.UseWhen(context => context.IsFrontend(options), pages => pages.Use(RefuseAsync));
        // The ports for telemetry take telemetry: they ask for another key, and must not be a way round the login.
        app.UseWhen(context => !context.IsFrontend(options) && !IsTelemetry(context.Request.Path), others => others.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }));
    }

    private static Task RefuseAsync(HttpContext context, RequestDelegate next)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (!IsThisMachine(context.Request.Host.Host) || (origin.Length > 0 && origin != $"{context.Request.Scheme}://{context.Request.Host}"))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync("This dashboard is for this machine. Open it at its own address.");
        }
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return next(context);
    }

    private static bool IsTelemetry(PathString path) =>
        path.StartsWithSegments("/v1") || path.Value!.StartsWith("/opentelemetry.proto.", StringComparison.Ordinal);

    private static bool IsThisMachine(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
