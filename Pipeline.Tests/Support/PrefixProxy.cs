using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pipeline.Tests.Support;

/// <summary>A proxy that shows a service below a path and knows nothing of what it passes on.</summary>
internal sealed class PrefixProxy : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PrefixProxy(WebApplication app) => _app = app;

    /// <summary>Where the service is shown, with the slash at the end.</summary>
    public string Address { get; private init; } = "";

    public static async Task<PrefixProxy> StartAsync(HttpClient service, string prefix)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Map(prefix + "/{**path}", async (HttpContext context) =>
        {
            using var answer = await service.GetAsync(
                context.Request.Path.Value![prefix.Length..] + context.Request.QueryString, HttpCompletionOption.ResponseHeadersRead,
                context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await using var content = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
            var buffer = new byte[16 * 1024];
            while (await content.ReadAsync(buffer, context.RequestAborted) is > 0 and var length)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, length), context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
        await app.StartAsync();
        return new PrefixProxy(app) { Address = app.Urls.Single() + prefix + "/" };
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
