using Microsoft.AspNetCore.Http.Features;

namespace Embedded.Aspire.Dashboard.Live;

/// <summary>Tells an open page that something it shows has changed; the page then asks for its live part again (see LivePart.razor).</summary>
internal static class LiveEndpoint
{
    /// <summary>The shortest time between two changes that a page hears of. A burst becomes one change.</summary>
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(300);

    /// <summary>After so long a silence a comment is sent, so that a lost connection is noticed.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(10);

    /// <summary><c>GET /live?topic=NAME</c>: server-sent events, one for each change of the topic.</summary>
    public static void MapLive(this IEndpointRouteBuilder app) => app.MapGet("/live", async (
        string topic, IEnumerable<LiveTopic> topics, HttpContext context, IHostApplicationLifetime lifetime, TimeProvider time) =>
    {
        if (topics.FirstOrDefault(t => t.Name == topic) is not { } found) return Results.NotFound($"There is no topic '{topic}'.");
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await TellAsync(context, found, time, gone.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The page was closed, or the dashboard ends.
        }
        return Results.Empty;
    });

    /// <summary>Begins a stream of server-sent events.</summary>
    public static void BeginEvents(this HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private static async Task TellAsync(HttpContext context, LiveTopic topic, TimeProvider time, CancellationToken gone)
    {
        context.BeginEvents();
        long? told = null;
        var toldAt = time.GetTimestamp();
        using var timer = new PeriodicTimer(MinInterval, time);
        do
        {
            var version = topic.Version();
            if (version == told && time.GetElapsedTime(toldAt) < MaxSilence) continue;
            // The first one is told too: something may have changed between the page and its stream.
            await context.Response.WriteAsync(version == told ? ": still here\n\n" : $"event: {topic.Name}\ndata: {version}\n\n", gone);
            await context.Response.Body.FlushAsync(gone);
            (told, toldAt) = (version, time.GetTimestamp());
        }
        while (await timer.WaitForNextTickAsync(gone));
    }
}
