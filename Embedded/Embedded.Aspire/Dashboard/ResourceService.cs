using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Contracts;
using Embedded.Aspire.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Embedded.Aspire.Dashboard;

/// <summary>
/// Tells the dashboard about the resources and does what it asks. HTTP on this machine only: <c>GET /api/resources</c> and
/// <c>GET /api/logs/NAME</c> are server-sent events, <c>GET /api/logs/NAME/lines</c> is the log so far, <c>POST /api/commands/ID/COMMAND</c> answers with how it ended.
/// </summary>
internal sealed class ResourceService : IAsyncDisposable
{
    private const string KeyHeader = "x-resource-service-api-key";
    private static readonly TimeSpan MinUpdateInterval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _end = new();
    private readonly WebApplication _app;
    private readonly byte[]? _key;
    private readonly RunOptions _options;
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _logs;
    private readonly ResourceCommandService _commands;

    public ResourceService(
        DashboardSettings settings, RunOptions options, ResourceNotificationService notifications, ResourceLoggerService logs, ResourceCommandService commands)
    {
        (_options, _notifications, _logs, _commands) = (options, notifications, logs, commands);
        _key = settings.ResourceServiceApiKey is { } key ? Encoding.UTF8.GetBytes(key) : null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenLocalhost(settings.ResourceServiceUrl.Port);
        });
        _app = builder.Build();
        _app.Use(RefuseStrangersAsync);
        _app.MapGet("/api/resources", StreamResourcesAsync);
        _app.MapGet("/api/logs/{name}", StreamLogAsync);
        _app.MapGet("/api/logs/{name}/lines", ReadLogAsync);
        _app.MapPost("/api/commands/{id}/{command}", ExecuteAsync);
    }

    public Task StartAsync() => _app.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();                       // event streams would hold the server open
        await _app.StopAsync();
        await _app.DisposeAsync();
        _end.Dispose();
    }

    // Browsers name the site that a request comes from, and no site has business here; programs have to know the key.
    private Task RefuseStrangersAsync(HttpContext context, RequestDelegate next)
    {
        var isKnown = _key is null
            || CryptographicOperations.FixedTimeEquals(_key, Encoding.UTF8.GetBytes(context.Request.Headers[KeyHeader].ToString()));
        if (isKnown && context.Request.Headers.Origin.Count == 0) return next(context);
        context.Response.StatusCode = isKnown ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private async Task ExecuteAsync(HttpContext context, string id, string command)
    {
        var result = await _commands.ExecuteCommandAsync(id, command, context.RequestAborted);
        var outcome = new CommandOutcome(result.Success, result.Canceled ? "Cancelled." : result.ErrorMessage);
        await context.Response.WriteAsJsonAsync(outcome, ResourceJson.Default.CommandOutcome, cancellationToken: context.RequestAborted);
    }

    // The whole list at every change, at most a few times a second: it is small, and a dashboard that missed something is right again.
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
                var list = new ResourceList(_options.ApplicationName, [.. _notifications.Current().Select(ResourceViews.Of)]);
                await SendAsync(context, list, ResourceJson.Default.ResourceList, gone.Token);
                await Task.Delay(MinUpdateInterval, gone.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The dashboard has ended, or the application ends.
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
            await foreach (var _ in _notifications.WatchAsync(cancellation))
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
            await context.Response.Body.FlushAsync(gone.Token);
            await foreach (var lines in _logs.WatchAsync(name).WithCancellation(gone.Token))
            {
                await SendAsync(context, Views(lines), ResourceJson.Default.IReadOnlyListLogLineView, gone.Token);
                await Task.Delay(MinUpdateInterval, gone.Token);    // what comes meanwhile waits in the watcher's bounded queue
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Nobody looks any more, or the application ends.
        }
    }

    private async Task ReadLogAsync(HttpContext context, string name)
    {
        await foreach (var lines in _logs.GetAllAsync(name).WithCancellation(context.RequestAborted))
            await context.Response.WriteAsJsonAsync(Views(lines), ResourceJson.Default.IReadOnlyListLogLineView, cancellationToken: context.RequestAborted);
    }

    private static IReadOnlyList<LogLineView> Views(IReadOnlyList<LogLine> lines) =>
        [.. lines.Select(l => new LogLineView(l.LineNumber, l.Content, l.IsErrorMessage))];

    private CancellationTokenSource Begin(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        return CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _end.Token);
    }

    private static async Task SendAsync<T>(HttpContext context, T data, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(data, type)}\n\n", cancellation);
        await context.Response.Body.FlushAsync(cancellation);
    }
}
