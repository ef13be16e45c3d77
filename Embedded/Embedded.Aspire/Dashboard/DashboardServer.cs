using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Embedded.Aspire.Dashboard;

/// <summary>
/// One page with every resource: state, health, links, live logs, buttons. Listens on this machine only. The page is plain
/// files; what it shows comes as server-sent events (/api/resources, /api/logs/NAME), what it does goes to /api/commands.
/// </summary>
internal sealed class DashboardServer(
    IConfiguration configuration, RunOptions options, ResourceNotificationService notifications, ResourceLoggerService logs,
    ResourceCommandService commands, ConsoleVoice voice) : IAsyncDisposable
{
    private static readonly TimeSpan MinUpdateInterval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _end = new();
    private WebApplication? _app;

    /// <summary>Where the page is, once it is served.</summary>
    public string? Url { get; private set; }

    public async Task StartAsync(CancellationToken cancellation)
    {
        var port = WantedPort();
        if (port is { } taken && !PortAllocator.IsFree(taken))
        {
            throw new DistributedApplicationException(
                $"dashboard: port {taken} is taken by another program. Stop that program, or choose another port for the dashboard.");
        }
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "");
        var chosen = port ?? PortAllocator.Next();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenLocalhost(chosen);
        });
        _app = builder.Build();
        Map(_app);
        await _app.StartAsync(cancellation);
        Url = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{chosen}");
        voice.Note($"Login to the dashboard at {Url}/");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null) return;
        await _end.CancelAsync();                       // event streams would hold the server open
        await _app.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    private int? WantedPort()
    {
        if (configuration["ASPNETCORE_URLS"] is not { Length: > 0 } urls) return null;
        var all = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(BindingUrl.Parse).ToList();
        return options.RandomizePorts ? null : all.OrderBy(u => u.Scheme, StringComparer.Ordinal).First().Port;     // http before https: it is local
    }

    private void Map(WebApplication app)
    {
        app.Use(RefuseOtherSitesAsync);
        foreach (var (path, type, content) in DashboardPage.Files) app.MapGet(path, () => Results.Bytes(content, type));
        app.MapGet("/api/resources", StreamResourcesAsync);
        app.MapGet("/api/logs/{name}", StreamLogAsync);
        app.MapPost("/api/commands/{id}/{command}", async (string id, string command, CancellationToken cancellation) =>
        {
            var result = await commands.ExecuteCommandAsync(id, command, cancellation);
            return result.Success
                ? Results.NoContent()
                : Results.Text(result.ErrorMessage ?? "The command failed.", statusCode: StatusCodes.Status409Conflict);
        });
    }

    // Another site open in the same browser must neither read the page's data through a rebound name nor press its buttons.
    private static Task RefuseOtherSitesAsync(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Host;
        var isLocal = host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        var origin = context.Request.Headers.Origin.ToString();
        var isOwn = origin.Length == 0 || origin == $"{context.Request.Scheme}://{context.Request.Host}";
        if (isLocal && isOwn)
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        }
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    // The whole list at every change, at most a few times a second: it is small, and a page that missed something is right again.
    private async Task StreamResourcesAsync(HttpContext context)
    {
        using var gone = Begin(context);
        using var changed = new SemaphoreSlim(1);
        var watching = WatchAsync(changed, gone.Token);
        try
        {
            while (true)
            {
                await changed.WaitAsync(gone.Token);
                await SendAsync(context, new { application = options.ApplicationName, resources = Snapshot() }, gone.Token);
                await Task.Delay(MinUpdateInterval, gone.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The page was closed, or the application ends.
        }
        finally
        {
            await gone.CancelAsync();
            await watching;
        }
    }

    private async Task WatchAsync(SemaphoreSlim changed, CancellationToken cancellation)
    {
        try
        {
            await foreach (var _ in notifications.WatchAsync(cancellation))
            {
                if (changed.CurrentCount == 0) changed.Release();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
    }

    private async Task StreamLogAsync(HttpContext context, string name)
    {
        using var gone = Begin(context);
        try
        {
            await foreach (var lines in logs.WatchAsync(name).WithCancellation(gone.Token))
                await SendAsync(context, lines.Select(l => new { n = l.LineNumber, text = l.Content, error = l.IsErrorMessage }), gone.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The page was closed, or the application ends.
        }
    }

    private CancellationTokenSource Begin(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        return CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _end.Token);
    }

    private static async Task SendAsync(HttpContext context, object data, CancellationToken cancellation)
    {
        await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(data)}\n\n", cancellation);
        await context.Response.Body.FlushAsync(cancellation);
    }

    private IEnumerable<object> Snapshot() => notifications.Current().Where(e => !e.Snapshot.IsHidden).Select(e => new
    {
        id = e.ResourceId,
        name = e.Resource.Name,
        type = e.Resource.TryGetLastAnnotation<EmbeddedServerAnnotation>(out var server) ? server.What : e.Snapshot.ResourceType,
        state = e.Snapshot.State?.Text ?? "Unknown",
        style = e.Snapshot.State?.Style,
        health = e.Snapshot.HealthStatus?.ToString(),
        problems = e.Snapshot.HealthReports.Where(r => r.Status == HealthStatus.Unhealthy).Select(r => r.Description ?? r.ExceptionText),
        exitCode = e.Snapshot.ExitCode,
        started = e.Snapshot.StartTimeStamp,
        restarts = e.Snapshot.Restarts,
        urls = e.Snapshot.Urls.Select(u => new { url = u.Url, text = u.DisplayProperties.DisplayName }),
        commands = e.Resource is ProjectResource or ExecutableResource or ContainerResource,
    });
}
