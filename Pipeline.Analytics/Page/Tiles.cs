namespace Pipeline.Analytics.Page;

/// <summary>The figures at a glance.</summary>
internal static class Tiles
{
    public static Html Render(Snapshot snapshot)
    {
        var (overall, broker, now) = (snapshot.Figures.Overall, snapshot.Broker, snapshot.Now);
        return Html.Of($"""
            {Run(snapshot)}<dl class="tiles">
            {Tile("accuracy", Shown.Percent(overall.Accuracy), Html.Of($"{Shown.Count(overall.Wrong)} wrong of {Shown.Count(overall.Compared)}{WithoutTruth(overall)}"), "main")}
            {Tile("images a second", Shown.PerSecond(now?.Stored), Html.Of($"stored, over {Timeline.Window.TotalSeconds} s"))}
            {Tile("capture to stored", Shown.Milliseconds(now?.P50Ms), Html.Of($"p50 · p99 {Shown.Milliseconds(now?.P99Ms)}"))}
            {Tile("sent", broker is null ? Shown.Unknown : Shown.Count(Math.Max(broker.Sent, overall.Stored)), Html.Of($"by {Shown.Count(snapshot.Figures.Producers.Count)} cameras"))}
            {Tile("stored", Shown.Count(overall.Stored), Html.Of($"{Shown.Count(overall.Pending)} not yet inferred"))}
            {Tile("consumer lag", Shown.Count(broker?.Lag.Sum(row => row.Lag)), Html.Of($"records not committed"))}
            {Tile("dead letters", Shown.Count(broker?.DeadLettered), Html.Of($"unusable messages"), broker?.DeadLettered > 0 ? "alert" : "")}
            {(snapshot.Disk is { } disk ? Tile("disk", disk.DaysLeft is { } days ? $"{Shown.Duration(days)} left" : "lasts", Html.Of($"{Room(disk)}")) : default)}
            </dl>
            {Html.Each(broker?.Standing ?? [], who => Html.Of($"""<p class="behind" role="alert">{who}</p>"""))}{LeftOut(now)}
            """);
    }

    private static string Room(DiskState disk) => disk is { DaysLeft: null, SettlesAtBytes: { } settled }
        ? $"settles at {Shown.Bytes(settled)}, {Shown.Bytes(disk.FreeBytes)} free"
        : $"{Shown.Bytes(disk.BytesPerDay)} a day, {Shown.Bytes(disk.FreeBytes)} free";

    private static string WithoutTruth(Tally tally) => tally.WithoutTruth == 0 ? "" : $", {Shown.Count(tally.WithoutTruth)} without a truth";

    private static Html LeftOut(TimelinePoint? now) => now is not { LatencyLeavesOutImages: > 0 } ? default : Html.Of($"""
        <p class="note">latency leaves out {Shown.Count(now.LatencyLeavesOutImages)} images of {now.LatencyLeavesOutCameras} cameras whose clock is off</p>
        """);

    /// <summary>What is counted on this page; where it is all there is, and nobody said what the pictures are, there is nothing to say.</summary>
    private static Html Run(Snapshot snapshot)
    {
        var (figures, pictures) = (snapshot.Figures, snapshot.Run.Pictures);
        return pictures is null && figures.Earlier == 0 ? default : Html.Of($"""
            <p class="run">{(pictures is null ? default : Html.Of($"<b>{pictures}</b>"))} {(figures.Earlier == 0 ? default : Html.Of(
                $"<span>this run {Shown.Count(figures.Overall.Stored)} · {Shown.Count(figures.Earlier)} from earlier runs, in none of these figures</span>"))}</p>

            """);
    }

    private static Html Tile(string name, string value, Html note, string kind = "") =>
        Html.Of($"""<div class="tile {kind}"><dt>{name}</dt><dd>{value}</dd><dd class="note">{note}</dd></div>""");
}
