namespace Pipeline.Analytics.Page;

/// <summary>The page at <c>/</c>: the figures at a glance, who is wrong how often, and the images that came last.</summary>
/// <remarks>Made whole on the server, so that it reads without scripts; the script only fetches it again and swaps what changed.</remarks>
internal static class AnalyticsPage
{
    public const int RecentImages = 30;

    /// <summary>Producers shown; the API and the report have them all.</summary>
    public const int MaxProducers = 100;

    public static Html Render(Figures figures, Progress? progress, IReadOnlyList<StoredImage> recent) => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>How often is the model wrong?</title>
          <link rel="icon" href="/page/icon.svg">
          <link rel="stylesheet" href="/page/page.css">
          <script src="/page/page.js" defer></script>
          <noscript><meta http-equiv="refresh" content="5"></noscript>
        </head>
        <body>
        <header>
          <h1>How often is the model wrong?</h1>
          <p id="state" role="status">live</p>
        </header>
        <main>
        {Tiles(figures.Overall, progress)}
        <div class="columns">
        {Producers(figures.Producers)}
        {Classes(figures.Classes)}
        </div>
        {Recent(recent)}
        </main>
        <footer>
          <p>The same figures as JSON: <a href="/api/accuracy">accuracy</a>, <a href="/api/producers">producers</a>,
          <a href="/api/classes">classes</a>, <a href="/api/progress">progress</a>, <a href="/api/images/recent">recent images</a>.</p>
        </footer>
        </body>
        </html>

        """);

    // The broker was asked a moment before the store, perhaps; what is stored was sent.
    private static Html Tiles(Tally overall, Progress? progress) => Html.Of($"""
        <section id="overall" aria-label="Overall">
        <dl class="tiles">
        {Tile("accuracy", Percent(overall.Accuracy), "main")}
        {Tile("wrong", Count(overall.Wrong))}
        {Tile("inferred", Count(overall.Inferred))}
        {Tile("not yet inferred", Count(overall.Pending))}
        {Tile("stored", Count(overall.Stored))}
        {Tile("sent", progress is null ? "–" : Count(Math.Max(progress.Sent, overall.Stored)))}
        {Tile("dead letters", progress is null ? "–" : Count(progress.DeadLettered), progress?.DeadLettered > 0 ? "alert" : "")}
        </dl>
        </section>
        """);

    private static Html Tile(string name, string value, string kind = "") =>
        Html.Of($"""<div class="tile {kind}"><dt>{name}</dt><dd>{value}</dd></div>""");

    private static Html Producers(IReadOnlyList<(string Name, Tally Tally)> producers) => Html.Of($"""
        <section id="producers">
        <h2>Wrong, by producer</h2>
        {(producers.Count == 0 ? Empty("No camera has sent anything yet.") : Html.Of($"""
        <div class="scroll"><table>
        <thead><tr><th>producer</th><th class="number">wrong</th><th class="number">of</th><th class="number">error rate</th><th class="chart" aria-hidden="true"></th></tr></thead>
        <tbody>{Html.Each(producers.Take(MaxProducers), row => Html.Of($"""
        <tr><th scope="row">{row.Name}</th><td class="number">{Count(row.Tally.Wrong)}</td><td class="number">{Count(row.Tally.Inferred)}</td><td class="number">{Percent(row.Tally.ErrorRate)}</td><td class="chart">{Bar(row.Tally.ErrorRate, "wrong")}</td></tr>
        """))}</tbody>
        </table></div>{(producers.Count > MaxProducers ? Html.Of($"""<p class="note">The first {MaxProducers} of {producers.Count}; the report has all.</p>""") : default)}
        """))}
        </section>
        """);

    private static Html Classes(IReadOnlyList<(string Name, Tally Tally)> classes) => Html.Of($"""
        <section id="classes">
        <h2>Right, by class</h2>
        {(classes.Count == 0 ? Empty("Nothing to compare yet.") : Html.Of($"""
        <div class="scroll"><table>
        <thead><tr><th>class</th><th class="number">right</th><th class="number">of</th><th class="number">accuracy</th><th class="chart" aria-hidden="true"></th></tr></thead>
        <tbody>{Html.Each(classes.Take(MaxProducers), row => Html.Of($"""
        <tr><th scope="row">{row.Name}</th><td class="number">{Count(row.Tally.Correct)}</td><td class="number">{Count(row.Tally.Inferred)}</td><td class="number">{Percent(row.Tally.Accuracy)}</td><td class="chart">{Bar(row.Tally.Accuracy, "right")}</td></tr>
        """))}</tbody>
        </table></div>
        """))}
        </section>
        """);

    private static Html Recent(IReadOnlyList<StoredImage> recent) => Html.Of($"""
        <section id="recent">
        <h2>Captured last</h2>
        {(recent.Count == 0 ? Empty("No images yet. They appear here as soon as the first is stored.") : Html.Of($"""
        <ul class="images">{Html.Each(recent, Picture)}</ul>
        """))}
        </section>
        """);

    private static Html Picture(StoredImage image)
    {
        var (kind, verdict) = image.IsCorrect switch
        {
            true => ("right", Html.Of($"✓ {image.InferredValue}")),
            false => ("wrong", Html.Of($"✗ {image.InferredValue}")),
            null => ("pending", Html.Of($"… not yet")),
        };
        var picture = image.HasImage
            ? Html.Of($"""<img src="/api/images/{Uri.EscapeDataString(image.Id)}.png" alt="{image.GroundTruth}" width="32" height="32">""")
            : Html.Of($"""<span class="missing">no picture yet</span>""");
        return Html.Of($"""
            <li class="{kind}"><a href="/api/images/{Uri.EscapeDataString(image.Id)}" title="{image.ProducerId}">{picture}
            <span class="truth">{image.GroundTruth}</span> <span class="verdict">{verdict}{Confidence(image.Confidence)}</span></a></li>

            """);
    }

    private static Html Confidence(double? confidence) => confidence is { } value ? Html.Of($" <small>{value:P0}</small>") : default;

    private static Html Bar(double? ratio, string kind) => Html.Of(
        $"""<svg class="bar {kind}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="{100 * (ratio ?? 0):0.##}" height="8"/></svg>""");

    private static Html Empty(string text) => Html.Of($"""<p class="empty">{text}</p>""");

    private static string Count(long value) => value.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);

    private static string Percent(double? ratio) => ratio?.ToString("P2", System.Globalization.CultureInfo.InvariantCulture) ?? "–";
}
