using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Threading.Channels;
using Embedded.Aspire.Contracts;
using Embedded.Aspire.Dashboard.Live;
using Embedded.Aspire.Dashboard.Resources;

namespace Embedded.Aspire.Dashboard.Consoles;

/// <summary>The lines of consoles, for one resource or for all of them merged.</summary>
internal static class ConsoleEndpoints
{
    /// <summary>What a page shows at most; it drops the oldest too (site.js).</summary>
    private const int MaxLines = 5_000;

    /// <summary>Batches of lines that wait for a slow browser.</summary>
    private const int MaxWaitingBatches = 64;

    /// <summary>
    /// <c>GET /consolelogs/live?resource=NAME&amp;after=TIME</c>: events of markup, the lines so far and then each new one;
    /// <c>GET /consolelogs/download?resource=NAME</c>: the lines so far as text. Without a name: all resources.
    /// </summary>
    public static void MapConsole(this IEndpointRouteBuilder app)
    {
        app.MapGet("/consolelogs/live", async (
            string? resource, string? after, HttpContext context, ResourceClient client, ResourceBoard board, IHostApplicationLifetime lifetime) =>
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            try
            {
                await SendAsync(context, client, Names(board, resource), after ?? "", gone);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException or ChannelClosedException)
            {
                // The page was closed, or the AppHost has ended; the page asks again.
            }
        });
        app.MapGet("/consolelogs/download", async (string? resource, ResourceClient client, ResourceBoard board, CancellationToken cancellation) =>
        {
            var logs = await Task.WhenAll(Names(board, resource).Select(async name =>
                (await client.ReadLogAsync(name, cancellation)).Select(line => (name, line))));
            var text = new StringBuilder();
            foreach (var (name, line) in logs.SelectMany(l => l).OrderBy(l => l.line.Text, StringComparer.Ordinal))
                text.Append(resource is null ? $"{name} " : "").AppendLine(AnsiText.ToPlain(line.Text));
            return Results.File(Encoding.UTF8.GetBytes(text.ToString()), "text/plain; charset=utf-8", $"{resource ?? "all"}.log");
        });
    }

    private static List<string> Names(ResourceBoard board, string? resource) =>
        resource is not null ? [resource] : [.. board.All.Where(r => r.HasProcess).Select(r => r.Name).Distinct()];

    private static async Task SendAsync(HttpContext context, ResourceClient client, List<string> names, string after, CancellationTokenSource gone)
    {
        context.BeginEvents();
        await context.Response.WriteAsync(": \n\n", gone.Token);
        await context.Response.Body.FlushAsync(gone.Token);
        var batches = Channel.CreateBounded<(string Name, IReadOnlyList<LogLineView> Lines)>(MaxWaitingBatches);
        var reading = ReadAllAsync(client, names, batches.Writer, gone.Token);
        try
        {
            while (await batches.Reader.WaitToReadAsync(gone.Token))
            {
                var lines = new List<(string Name, LogLineView Line)>();
                while (batches.Reader.TryRead(out var batch))
                    lines.AddRange(batch.Lines.Where(l => string.CompareOrdinal(l.Text, after) > 0).Select(l => (batch.Name, l)));
                if (lines.Count == 0) continue;
                if (names.Count > 1) lines = [.. lines.OrderBy(l => l.Line.Text, StringComparer.Ordinal)];   // each begins with its time
                var html = new StringBuilder("data: ");
                foreach (var (name, line) in lines.TakeLast(MaxLines)) AppendLine(html, names.Count == 1 ? null : name, names.IndexOf(name), line);
                await context.Response.WriteAsync(html.Append("\n\n").ToString(), gone.Token);
                await context.Response.Body.FlushAsync(gone.Token);
            }
        }
        finally
        {
            await gone.CancelAsync();
            await reading;
        }
    }

    private static async Task ReadAllAsync(
        ResourceClient client, List<string> names, ChannelWriter<(string, IReadOnlyList<LogLineView>)> batches, CancellationToken gone)
    {
        try
        {
            await Task.WhenAll(names.Select(name => ReadAsync(client, name, batches, gone)));
            batches.TryComplete();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
        {
            batches.TryComplete(e);                     // whoever sends the lines ends with it
        }
    }

    private static async Task ReadAsync(
        ResourceClient client, string name, ChannelWriter<(string, IReadOnlyList<LogLineView>)> batches, CancellationToken gone)
    {
        await foreach (var lines in client.WatchLogAsync(name, gone)) await batches.WriteAsync((name, lines), gone);
    }

    // One line of markup in one line of text, as an event's data has to be.
    private static void AppendLine(StringBuilder html, string? name, int hue, LogLineView line)
    {
        var space = line.Text.IndexOf(' ', StringComparison.Ordinal);
        var (time, text) = space < 0 ? ("", line.Text) : (line.Text[..space], line.Text[(space + 1)..]);
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"line{(line.IsError ? " error" : "")}\"><time datetime=\"{HtmlEncoder.Default.Encode(time)}\"></time>");
        if (name is not null) html.Append(CultureInfo.InvariantCulture, $"<b class=\"of hue-{hue % 8}\" title=\"{name}\">{HtmlEncoder.Default.Encode(name)}</b>");
        html.Append("<span>").Append(AnsiText.ToHtml(text)).Append("</span></div>");
    }
}
