using System.Net.Http.Headers;
using Pipeline.Contracts.Pixels;
using Pipeline.Producer;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Inference;

/// <summary>The service in a process of its own, for tests that ask it over HTTP and leave it as it was.</summary>
public sealed class InferenceFixture : IAsyncLifetime
{
    public const int MaxBodyBytes = 8 * 1024 * 1024;

    private static readonly Lazy<Cifar10> Pictures = new(() => Cifar10.Load(Cifar10Folders.Sample));

    private readonly KafkaFixture _kafka = new();

    public KafkaFixture Kafka => _kafka;

    internal ServiceProcess Service { get; private set; } = null!;

    public HttpClient Http => Service.Http;

    /// <summary>A test picture; number 1 is a ship that the model knows.</summary>
    public static Rgb24 Picture(int index) => new(Rgb24.ImageWidth, Rgb24.ImageHeight, Pictures.Value.Pixels(index).ToArray());

    /// <summary>
    /// Posts a byte more than a body may have, once it is asked for: the server closes on who sends before, and its answer may be lost.
    /// </summary>
    public async Task<HttpResponseMessage> PostTooMuchAsync(string path, string contentType)
    {
        using var patient = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Http.Timeout }) { BaseAddress = Http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[MaxBodyBytes + 1]) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.ExpectContinue = true;
        return await patient.SendAsync(request);
    }

    public async ValueTask InitializeAsync()
    {
        await _kafka.InitializeAsync();
        Service = await ServiceProcess.StartAsync("Pipeline.Inference", ("ConnectionStrings__kafka", _kafka.Address));
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }
        await _kafka.DisposeAsync();
    }
}
