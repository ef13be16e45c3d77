using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>
/// Gives the span that ASP.NET Core starts for a request the name and the attributes that the conventions ask for. Spans of
/// probes are not recorded: they come every few seconds and would bury everything else.
/// </summary>
/// <param name="probes">The paths that orchestrators ask.</param>
internal sealed class RequestSpans(params IEnumerable<PathString> probes)
{
    private readonly HashSet<PathString> _probes = [.. probes];

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Activity.Current is not { IsAllDataRequested: true } span)
        {
            await next(context);
            return;
        }
        if (_probes.Contains(context.Request.Path))
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            await next(context);
            return;
        }
        try
        {
            await next(context);
            Describe(span, context);
        }
        catch (Exception failure)
        {
            Describe(span, context);
            span.Fail(failure.GetType().Name, failure.Message);
            throw;
        }
    }

    private static void Describe(Activity span, HttpContext context)
    {
        var (method, status) = (context.Request.Method, context.Response.StatusCode);
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? method : $"{method} {route}";
        span.SetTag(TelemetryNames.HttpMethod, method)
            .SetTag(TelemetryNames.HttpRoute, route)
            .SetTag(TelemetryNames.UrlPath, context.Request.Path.Value)
            .SetTag(TelemetryNames.UrlScheme, context.Request.Scheme)
            .SetTag(TelemetryNames.HttpStatus, status);
        if (status >= StatusCodes.Status500InternalServerError)
            span.Fail($"{status}", null);
    }
}
