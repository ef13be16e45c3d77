using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using MongoDB.Driver;

namespace Pipeline.Analytics.Page;

/// <summary>What open pages are told: each section when it changed, all on one stream. Whoever connects is told everything first.</summary>
/// <remarks>
/// Nothing here computes: every visitor asks for the latest snapshot, which is taken once for all of them. Where nobody is connected,
/// nobody asks.
/// </remarks>
internal sealed class EventStream(PageParts parts, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Pages that may be connected at a time.</summary>
    public const int MaxVisitors = 200;

    /// <summary>Told every time, so that silence means that nobody is there: empty, or why the sections do not change.</summary>
    public const string StateEvent = "state";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private int _visitors;

    /// <summary>503 past <see cref="MaxVisitors"/>; the page tries again.</summary>
    public IResult Connect(HttpResponse response, CancellationToken cancellationToken)
    {
        response.OnCompleted(() =>
        {
            Interlocked.Decrement(ref _visitors);
            return Task.CompletedTask;
        });
        response.Headers["X-Accel-Buffering"] = "no";           // nginx would hold events back until its buffer is full
        return Interlocked.Increment(ref _visitors) > MaxVisitors
            ? TypedResults.Problem($"{MaxVisitors} pages are open already.", statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.ServerSentEvents(EventsAsync(cancellationToken));
    }

    private async IAsyncEnumerable<SseItem<string>> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(Interval, time);
        Dictionary<string, string> told = [];
        do
        {
            foreach (var (name, data) in await PartsOrAwayAsync(end.Token))
            {
                if (name == StateEvent || told.GetValueOrDefault(name) != data)
                {
                    told[name] = data;
                    yield return new SseItem<string>(data, name);
                }
            }
        }
        while (await NextTickAsync(timer, end.Token));
    }

    private async Task<IReadOnlyList<PagePart>> PartsOrAwayAsync(CancellationToken cancellationToken)
    {
        try
        {
            return [.. await parts.LatestAsync(cancellationToken), new(StateEvent, "")];
        }
        catch (Exception away) when (away is MongoException or TimeoutException)
        {
            return [new(StateEvent, "MongoDB does not answer; these figures are old")];
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    // The visitor left, or we stop: the stream ends, and nothing went wrong.
    private static async Task<bool> NextTickAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
