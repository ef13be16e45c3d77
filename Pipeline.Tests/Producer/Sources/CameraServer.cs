using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pipeline.Tests.Producer.Sources;

/// <summary>A camera in the network, which can be switched off and on again at the same address: snapshots, and a stream of frames.</summary>
internal sealed class CameraServer : IAsyncDisposable
{
    private readonly Func<int, byte[]> _picture;
    private readonly string? _login;
    private readonly string _contentType;
    private WebApplication? _app;
    private int _count;

    private CameraServer(Func<int, byte[]> picture, string? login, string contentType) =>
        (_picture, _login, _contentType) = (picture, login, contentType);

    /// <summary>Without a path.</summary>
    public string Address { get; private set; } = "http://127.0.0.1:0";

    /// <summary>The pictures that it has shown.</summary>
    public ConcurrentQueue<byte[]> Shown { get; } = [];

    /// <summary>The logins that it was told.</summary>
    public ConcurrentQueue<string> Logins { get; } = [];

    /// <param name="picture">The nth, from 0.</param>
    /// <param name="login">USER:PASSWORD, for basic authentication.</param>
    /// <param name="contentType">Of a snapshot.</param>
    public static async Task<CameraServer> StartAsync(Func<int, byte[]> picture, string? login = null, string contentType = "image/jpeg")
    {
        var camera = new CameraServer(picture, login, contentType);
        await camera.SwitchOnAsync();
        return camera;
    }

    public async Task SwitchOnAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        builder.WebHost.UseShutdownTimeout(TimeSpan.Zero);
        var app = builder.Build();
        app.MapGet("/snapshot.jpg", SnapshotAsync);
        app.MapGet("/stream", StreamAsync);
        app.MapGet("/moved", (string to) => Results.Redirect(to));
        await app.StartAsync();
        (_app, Address) = (app, app.Urls.Single());
    }

    public async Task SwitchOffAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await SwitchOffAsync();

    private async Task SnapshotAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization is [{ } told])
        {
            Logins.Enqueue(told);
        }

        if (_login is { } login && context.Request.Headers.Authorization != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login)))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"camera\"";
            return;
        }

        context.Response.ContentType = _contentType;
        await context.Response.Body.WriteAsync(Next(), context.RequestAborted);
    }

    /// <summary>As an ESP32-CAM does it: the boundary before each frame.</summary>
    private async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "multipart/x-mixed-replace;boundary=123456789000000000000987654321";
        var body = context.Response.Body;
        while (!context.RequestAborted.IsCancellationRequested)
        {
            var picture = Next();
            var head = string.Create(CultureInfo.InvariantCulture,
                $"\r\n--123456789000000000000987654321\r\nContent-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n");
            await body.WriteAsync(Encoding.ASCII.GetBytes(head), context.RequestAborted);
            await body.WriteAsync(picture, context.RequestAborted);
            await body.FlushAsync(context.RequestAborted);
            await Task.Delay(20, context.RequestAborted);
        }
    }

    private byte[] Next()
    {
        var picture = _picture(Interlocked.Increment(ref _count) - 1);
        Shown.Enqueue(picture);
        return picture;
    }
}
