using Pipeline.Contracts;

namespace Pipeline.Analytics.Page;

/// <summary>The page at <c>/</c>, which a user keeps open and shows to others.</summary>
/// <remarks>
/// Made whole on the server, so that it reads without scripts; the script puts new content into the elements that
/// <see cref="PageParts"/> names, and draws the charts. Every address is relative, so that it works below a prefix too.
/// </remarks>
internal static class AnalyticsPage
{
    public static Html Render(IReadOnlyList<PagePart> parts)
    {
        return Html.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>Pipeline</title>
              <link rel="icon" href="page/icon.svg">
              <link rel="stylesheet" href="page/page.css">
              <script src="page/page.js" type="module"></script>
              <noscript><meta http-equiv="refresh" content="5"></noscript>
            </head>
            <body>
            <header>
              <h1>Pipeline</h1>
              <p>Cameras → Kafka → a classifier → MongoDB. How often is the model wrong?</p>
              <p id="state" role="status">connecting</p>
            </header>
            <main>
            <section class="bare" aria-label="At a glance"><div id="tiles">{Part("tiles")}</div></section>
            <section aria-labelledby="wall-title">
              <h2 id="wall-title">Latest images <small>prediction (✓ right, ✗ wrong, ? nobody has said), confidence, camera; point at one for its classes, and to say what it is</small></h2>
              <div id="wall">{Part("wall")}</div>
              <form id="truth" hidden>
                <label>It is a <select name="label">{Html.Each(Labels.All, label => Html.Of($"<option>{label}</option>"))}</select></label>
                <input name="other" size="12" maxlength="{Limits.MaxLabelLength}" placeholder="what it is" aria-label="another label" required hidden disabled>
                <label>says <input name="by" size="8" maxlength="100" placeholder="your name" autocomplete="name"></label>
                <button>Note</button>
                <output name="answer"></output>
              </form>
            </section>
            <div class="columns three">
            {Chart("throughput", "Throughput", "images a second")}
            {Chart("latency", "Latency", "from capture to stored, on a log scale")}
            {Chart("accuracy", "Accuracy", "% of what was stored with a truth")}
            </div>
            <noscript><p class="note">The charts need scripts; <a href="api/timeline">timeline</a> has their points.</p></noscript>
            <div id="shadow">{Part("shadow")}</div>
            <div class="columns">
              <div>
              {Table("confusion", "Confusion", "what the picture shows, and what the model says")}
              {Table("producers", "Wrong, by producer")}
              </div>
              <div>
              {Table("classes", "Right, by class")}
              {Table("lag", "Consumer lag", "records behind, by partition")}
              {Table("dead-letters", "Dead letters", "messages nobody could use, and why", Html.Of($"""<p class="note"><output id="replayed"></output></p>"""))}
              </div>
            </div>
            </main>
            <footer>
              <p>The same figures as JSON: <a href="api/accuracy">accuracy</a>, <a href="api/producers">producers</a>,
              <a href="api/classes">classes</a>, <a href="api/confusion">confusion</a>, <a href="api/timeline">timeline</a>, <a href="api/shadow">shadow</a>,
              <a href="api/broker">lag</a>, <a href="api/dead-letters">dead letters</a>, <a href="api/progress">progress</a>, <a href="api/images/recent">recent images</a>.
              Charts show {Timeline.Length.TotalMinutes} minutes; a point covers the {Timeline.Window.TotalSeconds} s before it.</p>
            </footer>
            </body>
            </html>

            """);

        Html Part(string name) => new(parts.First(part => part.Name == name).Content);

        Html Table(string name, string title, string note = "", Html below = default) => Html.Of($"""
            <section aria-labelledby="{name}-title">
              <h2 id="{name}-title">{title} <small>{note}</small></h2>
              <div id="{name}" class="scroll" tabindex="0" role="region" aria-labelledby="{name}-title">{Part(name)}</div>{below}
            </section>
            """);

        static Html Chart(string name, string title, string note) => Html.Of($"""
            <section aria-labelledby="{name}-title">
              <h2 id="{name}-title">{title} <small>{note}</small></h2>
              <p class="legend" id="{name}-legend"></p>
              <div class="plot" id="{name}" aria-labelledby="{name}-title"></div>
            </section>
            """);
    }
}
