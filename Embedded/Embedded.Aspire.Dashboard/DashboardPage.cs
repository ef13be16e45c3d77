namespace Embedded.Aspire.Dashboard;

/// <summary>The files that a browser gets; whoever knows the resources serves them beside <c>/api</c>.</summary>
public static class DashboardPage
{
    /// <summary>Each file: where it is served, its content type, its bytes.</summary>
    public static IReadOnlyList<(string Path, string ContentType, byte[] Content)> Files { get; } =
    [
        ("/", "text/html; charset=utf-8", Read("index.html")),
        ("/page.css", "text/css; charset=utf-8", Read("page.css")),
        ("/page.js", "text/javascript; charset=utf-8", Read("page.js")),
    ];

    private static byte[] Read(string file)
    {
        using var stream = typeof(DashboardPage).Assembly.GetManifestResourceStream(file)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
