using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using System.Text.Json;
using Embedded.Aspire.Contracts;

namespace Embedded.Aspire.Dashboard.Resources;

/// <summary>Talks to the resource service of the AppHost: server-sent events for what it tells, a POST for what it should do.</summary>
internal sealed class ResourceClient : IDisposable
{
    private readonly HttpClient? _http;

    public ResourceClient(DashboardOptions options)
    {
        if (options.ResourceServiceUrl is not { } url) return;
        _http = new HttpClient { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
        if (options.ResourceServiceApiKey is { } key) _http.DefaultRequestHeaders.Add("x-resource-service-api-key", key);
    }

    /// <summary>Whether there is an AppHost; a dashboard that stands alone has none.</summary>
    public bool HasAppHost => _http is not null;

    /// <summary>The resources, and again whenever one of them changes.</summary>
    public IAsyncEnumerable<ResourceList> WatchAsync(CancellationToken cancellation) =>
        EventsAsync("api/resources", ResourceJson.Default.ResourceList, cancellation);

    /// <summary>The lines of a resource's console so far, then new ones.</summary>
    /// <param name="name">Its name, or the id of a replica.</param>
    public IAsyncEnumerable<IReadOnlyList<LogLineView>> WatchLogAsync(string name, CancellationToken cancellation) =>
        EventsAsync($"api/logs/{Uri.EscapeDataString(name)}", ResourceJson.Default.IReadOnlyListLogLineView, cancellation);

    /// <summary>The lines of a resource's console so far.</summary>
    public async Task<IReadOnlyList<LogLineView>> ReadLogAsync(string name, CancellationToken cancellation) => _http is null ? [] :
        await _http.GetFromJsonAsync(
            new Uri($"api/logs/{Uri.EscapeDataString(name)}/lines", UriKind.Relative), ResourceJson.Default.IReadOnlyListLogLineView, cancellation) ?? [];

    /// <summary>Has a command done.</summary>
    public async Task<CommandOutcome> ExecuteAsync(string id, string command, CancellationToken cancellation)
    {
        if (_http is null) return new CommandOutcome(false, "There is no AppHost.");
        try
        {
            using var answer = await _http.PostAsync(
                new Uri($"api/commands/{Uri.EscapeDataString(id)}/{Uri.EscapeDataString(command)}", UriKind.Relative), content: null, cancellation);
            return await answer.Content.ReadFromJsonAsync(ResourceJson.Default.CommandOutcome, cancellation)
                ?? new CommandOutcome(false, $"The AppHost answered {(int)answer.StatusCode}.");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            return new CommandOutcome(false, $"The AppHost did not answer: {e.Message}");
        }
    }

    public void Dispose() => _http?.Dispose();

    private async IAsyncEnumerable<T> EventsAsync<T>(string path, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (_http is null) yield break;
        await using var stream = await _http.GetStreamAsync(new Uri(path, UriKind.Relative), cancellation);
        var events = SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize(data, type)!);
        await foreach (var item in events.EnumerateAsync(cancellation)) yield return item.Data;
    }
}
