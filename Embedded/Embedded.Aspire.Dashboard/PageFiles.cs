using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Embedded.Aspire.Dashboard;

/// <summary>The files that pages use. Their address changes with their content, so that browsers may keep them.</summary>
internal static class PageFiles
{
    private static readonly FrozenDictionary<string, Asset> All = new (string Name, string ContentType)[]
    {
        ("site.css", "text/css; charset=utf-8"),
        ("theme.js", "text/javascript; charset=utf-8"),
        ("site.js", "text/javascript; charset=utf-8"),
        ("telemetry.css", "text/css; charset=utf-8"),
        ("telemetry.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("htmx.min.js", "text/javascript; charset=utf-8"),
        ("idiomorph-ext.min.js", "text/javascript; charset=utf-8"),
        ("uPlot.iife.min.js", "text/javascript; charset=utf-8"),
        ("uPlot.min.css", "text/css; charset=utf-8"),
    }.ToFrozenDictionary(file => file.Name, file => new Asset(file.Name, file.ContentType));

    /// <summary>The address of a file.</summary>
    public static string Url(string name) => $"/assets/{name}?v={All[name].Hash}";

    /// <summary>Serves the files, without a login: the page that asks for one needs them.</summary>
    public static void MapPageFiles(this IEndpointRouteBuilder app) => app.MapGet("/assets/{name}", (string name, HttpResponse response) =>
    {
        if (!All.TryGetValue(name, out var asset)) return Results.NotFound();
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Bytes(asset.Content, asset.ContentType);
    }).AllowAnonymous();

    private sealed class Asset(string name, string contentType)
    {
        private readonly Lazy<byte[]> _content = new(() => Read(name));
        private string? _hash;

        public byte[] Content => _content.Value;

        public string ContentType => contentType;

        public string Hash => _hash ??= Convert.ToHexStringLower(SHA256.HashData(Content).AsSpan(0, 6));

        private static byte[] Read(string name)
        {
            using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
    }
}
