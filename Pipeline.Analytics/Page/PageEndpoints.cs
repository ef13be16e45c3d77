using System.Reflection;
using Confluent.Kafka;

namespace Pipeline.Analytics.Page;

/// <summary>Serves the page and the three files it uses, all of them from this assembly.</summary>
internal static class PageEndpoints
{
    // Nothing from anywhere else, and no script or style inside the markup: escaped twice over.
    private const string ContentSecurityPolicy =
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>A picture that came in a message is shown as a picture, and never taken for a page.</summary>
    public static void UseNoSniff(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return next(context);
    });

    public static void MapPage(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", PageAsync);
        MapAsset(app, "page.css", "text/css; charset=utf-8");
        MapAsset(app, "page.js", "text/javascript; charset=utf-8");
        MapAsset(app, "icon.svg", "image/svg+xml");
    }

    private static async Task<IResult> PageAsync(Live live, StoredImages images, HttpResponse response, CancellationToken cancelled)
    {
        var figures = await live.FiguresAsync(cancelled);
        var recent = await images.RecentAsync(AnalyticsPage.RecentImages, cancelled);
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.CacheControl = "no-store";
        return TypedResults.Content(AnalyticsPage.Render(figures, await ProgressAsync(live, cancelled), recent).Markup, "text/html; charset=utf-8");
    }

    // The store's figures are worth showing when the broker is away.
    private static async Task<Progress?> ProgressAsync(Live live, CancellationToken cancelled)
    {
        try
        {
            return await live.ProgressOfAllAsync(cancelled);
        }
        catch (KafkaException)
        {
            return null;
        }
    }

    private static void MapAsset(IEndpointRouteBuilder app, string name, string contentType)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly; the project file should embed it.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        app.MapGet("/page/" + name, () => TypedResults.Bytes(content, contentType));
    }
}
