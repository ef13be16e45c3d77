using System.Reflection;

namespace Pipeline.Analytics.Page;

/// <summary>Serves the page, the stream that keeps it fresh, and the files it uses, all of them from this assembly.</summary>
internal static class PageEndpoints
{
    // Nothing from anywhere else, and no script or style inside the markup: escaped twice over.
    private const string ContentSecurityPolicy =
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly (string Name, string ContentType)[] Assets =
    [
        ("page.css", "text/css; charset=utf-8"),
        ("page.js", "text/javascript; charset=utf-8"),
        ("chart.js", "text/javascript; charset=utf-8"),
        ("patch.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ];

    /// <summary>A picture that came in a message is shown as a picture, and never taken for a page.</summary>
    public static void UseNoSniff(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return next(context);
    });

    public static void MapPage(this IEndpointRouteBuilder app)
    {
        var page = app.MapGroup("").ExcludeFromDescription();              // for people, not for programs
        page.MapRead("/", PageAsync);
        page.MapGet("/page/events", (EventStream events, HttpResponse response, CancellationToken cancellationToken) => events.Connect(response, cancellationToken));
        foreach (var (name, contentType) in Assets)
        {
            var content = Read(name);
            page.MapRead("/page/" + name, () => TypedResults.Bytes(content, contentType));
        }
    }

    private static async Task<IResult> PageAsync(PageParts parts, HttpResponse response, CancellationToken cancellationToken)
    {
        var page = AnalyticsPage.Render(await parts.LatestAsync(cancellationToken));
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.CacheControl = "no-store";
        return TypedResults.Content(page.Markup, "text/html; charset=utf-8");
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly; the project file should embed it.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
