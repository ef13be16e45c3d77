using System.Text.Json;

namespace Pipeline.Analytics.Page;

/// <summary>What one element of the page shows.</summary>
/// <param name="Name">The element's id, and the event's name.</param>
internal readonly record struct PagePart(string Name, string Content);

/// <summary>Renders a snapshot once, for however many pages show it.</summary>
internal sealed class PageParts(Snapshots snapshots)
{
    /// <summary>The part that is data and not markup: the points of the charts.</summary>
    public const string Charts = "charts";

    private static readonly (string Name, Func<Snapshot, Html> Render)[] Sections =
    [
        ("tiles", Tiles.Render),
        ("wall", WallSection.Render),
        ("shadow", ShadowSection.Render),
        ("producers", AccuracyTables.Producers),
        ("classes", AccuracyTables.Classes),
        ("confusion", ConfusionMatrix.Render),
        ("lag", BrokerTables.Lag),
        ("dead-letters", BrokerTables.DeadLetters),
    ];

    private Rendered? _latest;

    private sealed record Rendered(Snapshot Of, IReadOnlyList<PagePart> Parts);

    public async Task<IReadOnlyList<PagePart>> LatestAsync(CancellationToken cancellationToken)
    {
        var snapshot = await snapshots.LatestAsync(cancellationToken);
        if (Volatile.Read(ref _latest) is { } latest && ReferenceEquals(latest.Of, snapshot))
        {
            return latest.Parts;
        }
        var parts = Render(snapshot);       // two who ask in the same instant may both render; either result will do
        Volatile.Write(ref _latest, new Rendered(snapshot, parts));
        return parts;
    }

    public static IReadOnlyList<PagePart> Render(Snapshot snapshot) =>
        [.. Sections.Select(section => new PagePart(section.Name, section.Render(snapshot).Markup)), new(Charts, ChartData(snapshot.Timeline))];

    // One array a series, as the charts take them.
    private static string ChartData(IReadOnlyList<TimelinePoint> points) => JsonSerializer.Serialize(new
    {
        second = points.Select(point => point.Second),
        sent = points.Select(point => point.Sent),
        inferred = points.Select(point => point.Inferred),
        stored = points.Select(point => point.Stored),
        p50 = points.Select(point => point.P50Ms),
        p95 = points.Select(point => point.P95Ms),
        p99 = points.Select(point => point.P99Ms),
        accuracy = points.Select(point => point.AccuracyPercent),
    });
}
