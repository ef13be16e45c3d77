using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using MongoDB.Driver;

namespace Pipeline.Analytics.Page;

/// <summary>What open pages are told: each section when it changed, all on one stream. Whoever connects is told everything first.</summary>
/// <remarks>
/// Nothing here computes: every visitor asks for the latest snapshot, which is taken once for all of them. Where nobody is connected,
/// nobody asks.
/// </remarks>
internal sealed class EventStream(PageParts parts, IHostApplicationLifetime lifetime)
{
    /// <summary>Pages that may be connected at a time.</summary>
    public const int MaxVisitors = 200;

    /// <summary>The event that says why the sections do not change.</summary>
    public const string AwayEvent = "away";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private int _visitors;

    /// <summary>503 past <see cref="MaxVisitors"/>; the page tries again.</summary>
    public IResult Connect(CancellationToken cancelled)
    {
        if (Interlocked.Increment(ref _visitors) <= MaxVisitors)
        {
            return TypedResults.ServerSentEvents(EventsAsync(cancelled));
        }
        Interlocked.Decrement(ref _visitors);
        return TypedResults.Problem($"{MaxVisitors} pages are open already.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private async IAsyncEnumerable<SseItem<string>> EventsAsync([EnumeratorCancellation] CancellationToken cancelled)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancelled, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(Interval);
        Dictionary<string, string> told = [];
        try
        {
            do
            {
                foreach (var (name, data) in await PartsOrAwayAsync(end.Token))
                {
                    if (!told.TryGetValue(name, out var before) || before != data)
                    {
                        told[name] = data;
                        yield return new SseItem<string>(data, name);
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(end.Token));
        }
        finally
        {
            Interlocked.Decrement(ref _visitors);
        }
    }

    private async Task<IReadOnlyList<PagePart>> PartsOrAwayAsync(CancellationToken cancellationToken)
    {
        try
        {
            return [.. await parts.LatestAsync(cancellationToken), new(AwayEvent, "")];
        }
        catch (Exception away) when (away is MongoException or TimeoutException)
        {
            return [new(AwayEvent, "MongoDB does not answer; these figures are old.")];
        }
    }
}
